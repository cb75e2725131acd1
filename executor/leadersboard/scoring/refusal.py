"""Why predictions cannot be scored."""


class PredictionsRefused(Exception):
    """What is wrong with predictions and what to do, for the participant: `en` in English, `ja` in Japanese."""

    def __init__(self, en: str, ja: str) -> None:
        self.en, self.ja = en, ja
        super().__init__(en)
