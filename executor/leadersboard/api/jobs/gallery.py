"""The gallery of a run: every test image with the run's map, and with its label for whoever may know it."""

from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from leadersboard.adapters import pictures
from leadersboard.api.dependencies import CallerDep, OwnJob, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import NoSuchPicture
from leadersboard.domain.gallery import Piece, Verdict, chosen
from leadersboard.domain.job import Job
from leadersboard.usecases.gallery import Gallery, images_of, open_gallery, open_map

router = APIRouter(prefix="/jobs", tags=["files of jobs"])
# They do not change while the job is there, and are for nobody else.
_KEPT = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}


class Layer(StrEnum):
    """What is shown of an image: itself, the run's map, where it is anomalous, and a line round that."""

    ORIGINAL = "original"
    MAP = "map"
    MASK = "mask"
    OUTLINE = "outline"


class PieceView(BaseModel):
    """One image. `verdict`, `wrongness`, `is_anomalous` and `defect` are null where the label is not shown."""

    image_id: str
    category: str
    score: float
    is_anomalous: bool | None
    defect: str | None
    verdict: Verdict | None
    wrongness: float | None
    layers: dict[Layer, str]

    @classmethod
    def of(cls, piece: Piece, layers: dict[Layer, str]) -> Self:
        label = piece.label
        return cls(
            image_id=piece.image_id,
            category=piece.category,
            score=piece.score,
            is_anomalous=None if label is None else label.is_anomalous,
            defect=None if label is None else label.defect,
            verdict=piece.verdict,
            wrongness=piece.wrongness,
            layers=layers,
        )


class GalleryView(BaseModel):
    """`total` counts the images that were asked for, `verdicts` those of all categories whose label is shown.

    Images with a label come first, the worst judged first; then the others, the highest score first.
    """

    job_id: str
    total: int
    limit: int
    offset: int
    categories: list[str]
    verdicts: dict[Verdict, int]
    shows_all_labels: bool
    images: list[PieceView]


@router.get("/{job_id}/gallery", responses=documented(401, 404))
def get_gallery(
    job: OwnJob,
    caller: CallerDep,
    platform: PlatformDep,
    request: Request,
    category: Annotated[str | None, Query(max_length=100)] = None,
    verdict: Verdict | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 24,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> GalleryView:
    """List the test images with how the run judged them, of one category or of one kind of error where asked."""
    gallery = open_gallery(job, platform.benchmarks, platform.outputs, sees_labels=caller.is_organiser)
    found = chosen(gallery.pieces, category, verdict)
    return GalleryView(
        job_id=job.job_id,
        total=len(found),
        limit=limit,
        offset=offset,
        categories=sorted({piece.category for piece in gallery.pieces}),
        verdicts={each: len(chosen(gallery.pieces, None, each)) for each in Verdict},
        shows_all_labels=gallery.images.shows_all_labels,
        images=[PieceView.of(each, _layers(request, job, each, gallery)) for each in found[offset : offset + limit]],
    )


@router.get(
    "/{job_id}/gallery/{image_id}/{layer}",
    response_class=Response,
    responses={**documented(401, 404), 200: {"content": {pictures.MEDIA_TYPE: {}}}},
)
def get_picture(image_id: str, layer: Layer, job: OwnJob, caller: CallerDep, platform: PlatformDep) -> Response:
    """Return a small picture of one layer of an image."""
    images = images_of(job, platform.benchmarks, sees_labels=caller.is_organiser)
    image = images.reference.by_id.get(image_id)
    tells_label = layer in (Layer.MASK, Layer.OUTLINE)
    if image is None or (tells_label and image_id not in images.known):
        raise NoSuchPicture(job_id=job.job_id)
    if layer is Layer.MAP:
        content = _map(job, image_id, platform)
    elif layer is Layer.ORIGINAL:
        content = pictures.of_image(image)
    else:
        content = pictures.of_mask(image) if layer is Layer.MASK else pictures.of_outline(image)
    return Response(content, media_type=pictures.MEDIA_TYPE, headers=_KEPT)


def _map(job: Job, image_id: str, platform: Platform) -> bytes:
    source = open_map(job, image_id, platform.outputs)
    if source is None:
        raise NoSuchPicture(job_id=job.job_id)
    with source:
        return source.read()


def _layers(request: Request, job: Job, piece: Piece, gallery: Gallery) -> dict[Layer, str]:
    shown = [Layer.ORIGINAL]
    if gallery.has_maps:
        shown.append(Layer.MAP)
    if piece.label is not None and piece.label.is_anomalous:
        shown += [Layer.MASK, Layer.OUTLINE]
    return {
        layer: str(request.url_for("get_picture", job_id=job.job_id, image_id=piece.image_id, layer=layer.value))
        for layer in shown
    }
