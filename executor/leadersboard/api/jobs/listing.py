"""GET of a list of jobs, each with what a panel shows of it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from leadersboard.api.dependencies import CallerDep, LanguageDep, PageDep, PlatformDep
from leadersboard.api.errors import documented
from leadersboard.api.jobs.endpoints import outlook_of
from leadersboard.api.jobs.schemas import JobList, JobView, ListedJob, StandingView
from leadersboard.bootstrap import Platform
from leadersboard.domain.errors import Language
from leadersboard.domain.job import Job, JobStatus
from leadersboard.domain.ranking import RankedEntry, rank_entries
from leadersboard.domain.standing import standing_of
from leadersboard.ports.records import JobFilter, Page, Transaction

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", responses=documented(401))
def list_jobs(
    caller: CallerDep,
    platform: PlatformDep,
    page: PageDep,
    language: LanguageDep,
    status: JobStatus | None = None,
    benchmark: Annotated[str | None, Query(max_length=100)] = None,
    submission_id: Annotated[str | None, Query(max_length=64)] = None,
    user_id: Annotated[str | None, Query(max_length=200, description="For organisers.")] = None,
) -> JobList:
    """List the caller's jobs, newest first; an organiser's list holds everybody's."""
    whose = user_id if caller.is_organiser else caller.user_id
    return listed_jobs(JobFilter(whose, status, benchmark, submission_id), page, platform, language)


def listed_jobs(which: JobFilter, page: Page, platform: Platform, language: Language) -> JobList:
    """Return a page of the jobs that `which` matches."""
    with platform.records.reading() as transaction:
        found = transaction.jobs.page(which, page)
        entrypoints = transaction.submissions.entrypoints({job.submission_id for job in found.items})
        boards = _Boards(platform, transaction)
        items = []
        for job in found.items:
            # A place in the queue is a question about everybody's jobs; for a list of everybody's it has no answer.
            waits = which.user_id is not None and job.status is JobStatus.PENDING
            queue = transaction.jobs.queue_state(job, outlook_of(job, platform)) if waits else None
            view = JobView.of(job, language, queue)
            entrypoint = entrypoints.get(job.submission_id)
            items.append(ListedJob(**view.model_dump(), entrypoint=entrypoint, score=boards.standing(job)))
    return JobList(items=items, total=found.total, limit=page.limit, offset=page.offset)


class _Boards:
    """The boards that the jobs of one list stand on, each read once."""

    def __init__(self, platform: Platform, transaction: Transaction) -> None:
        self._platform = platform
        self._transaction = transaction
        self._ranked: dict[str, Sequence[RankedEntry]] = {}

    def standing(self, job: Job) -> StandingView | None:
        """Return how a scored job stands on the present version of its benchmark's board."""
        benchmark = self._platform.benchmarks.get(job.benchmark) if job.benchmark else None
        scored = job.result is not None and job.result.is_scored
        if benchmark is None or not scored or job.benchmark_version != benchmark.version:
            return None
        if benchmark.slug not in self._ranked:
            entries = self._transaction.jobs.board(benchmark.slug, benchmark.version)
            self._ranked[benchmark.slug] = rank_entries(entries, benchmark)
        found = standing_of(job.job_id, self._ranked[benchmark.slug], benchmark)
        return None if found is None else StandingView.of_standing(found)
