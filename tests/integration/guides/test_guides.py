"""The guides that new users find run as they are, in Lab and when they are submitted."""

from pathlib import Path

import nbformat
import papermill
import pytest
from PIL import Image

GUIDES = sorted((Path(__file__).parents[3] / "notebooks" / "guides").glob("*.ipynb"))


def write_images(folder: Path) -> None:
    (folder / "test.csv").write_text("image_id,category,path\na,x,a.png\nb,x,b.png\n")
    for name, shade in (("a", 10), ("b", 200)):
        Image.new("RGB", (8, 8), (shade,) * 3).save(folder / f"{name}.png")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
# Only submitted notebooks speak over sockets of files.
@pytest.mark.filterwarnings("ignore:.*:ResourceWarning")
def test_a_guide_runs_without_data_and_with_it(guide: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(guide, as_version=4)
    assert [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs] == []
    write_images(tmp_path)

    for data_dir in ("", str(tmp_path)):
        given = {"data_dir": data_dir, "output_dir": str(tmp_path / "out")}
        papermill.execute_notebook(guide, tmp_path / "executed.ipynb", parameters=given, progress_bar=False)

    rows = (tmp_path / "out" / "predictions.csv").read_text().splitlines()
    assert rows == ["image_id,anomaly_score", "a,118.0", "b,72.0"]


def test_each_guide_is_there_in_both_languages() -> None:
    names = {guide.name for guide in GUIDES}
    english = {name for name in names if not name.endswith(".ja.ipynb")}
    assert english
    assert names == english | {name.replace(".ipynb", ".ja.ipynb") for name in english}
