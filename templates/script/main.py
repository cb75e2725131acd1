"""A submission without a notebook: each pixel is compared with the same pixel of the normal images.

    python main.py --config config.yaml --output OUTPUT_DIR

The platform says in LEADERSBOARD_DATA_DIR where the images of the benchmark are, and in LEADERSBOARD_DEVICE and
LEADERSBOARD_SEED what to compute on and where randomness starts; this method needs neither. What counts on the board is
`predictions.csv` and `anomaly_maps/`; what `metrics.json` says is shown as reported by you.
"""

import argparse
import csv
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import yaml
from PIL import Image
from scipy.ndimage import gaussian_filter


def read(path: Path, blur: float) -> np.ndarray:
    """Return the image, blurred, of shape (H, W, 3), 0 to 1."""
    pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 255
    return gaussian_filter(pixels, (blur, blur, 0))


def learn(train: Path, config: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and deviation of each pixel over the normal images, both of shape (H, W, 3)."""
    images = np.stack([read(path, config["blur"]) for path in sorted(train.iterdir())])
    return images.mean(axis=0), images.std(axis=0) + config["floor"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    config = yaml.safe_load(arguments.config.read_text(encoding="utf-8"))
    data = Path(os.environ["LEADERSBOARD_DATA_DIR"])
    maps = arguments.output / "anomaly_maps"
    maps.mkdir(parents=True, exist_ok=True)

    with (data / "test.csv").open(newline="", encoding="utf-8") as table:
        tests = list(csv.DictReader(table))
    scores: dict[str, float] = {}
    for category in sorted({row["category"] for row in tests}):
        mean, deviation = learn(data / category / "train" / "good", config)
        for row in (row for row in tests if row["category"] == category):
            strange = np.abs((read(data / row["path"], config["blur"]) - mean) / deviation).mean(axis=2)
            np.save(maps / f"{row['image_id']}.npy", strange.astype(np.float32))
            strangest = max(1, int(config["strangest"] * strange.size))
            scores[row["image_id"]] = float(np.sort(strange, axis=None)[-strangest:].mean())
        print(f"{category}: done", flush=True)

    with (arguments.output / "predictions.csv").open("w", newline="", encoding="utf-8") as table:
        csv.writer(table).writerows([("image_id", "anomaly_score"), *scores.items()])
    reported = {"params": config, "metrics": {"mean_score": float(np.mean(list(scores.values())))}}
    (arguments.output / "metrics.json").write_text(json.dumps(reported), encoding="utf-8")


if __name__ == "__main__":
    main()
