"""What the forest plot draws: one row a hazard ratio, grouped by drug and trial."""

from collections.abc import Sequence

from hcc_pathway.trial_comparison.trials import HazardRatio, Trial
from smart_app.plots.texts import PlotTexts, number


def forest_marks(trials: Sequence[Trial], texts: PlotTexts) -> dict[str, object]:
    """Give the rows in the order of the trials; a trial without a hazard ratio has none."""
    return {
        "title": texts.say("forest.title"),
        "describe": texts.say("forest.describe"),
        "better": texts.say("forest.better"),
        "worse": texts.say("forest.worse"),
        "rows": [_row(trial, one, texts) for trial in trials for one in trial.hazard_ratios],
    }


def _row(trial: Trial, ratio: HazardRatio, texts: PlotTexts) -> dict[str, object]:
    patients = patients_of(trial, texts)
    return {
        "trial": trial.id,
        "therapy": trial.therapy,
        "name": f"{trial.title}: {trial.therapy_label}",
        "outcome": ratio.outcome + (f" ({ratio.note})" if ratio.note else ""),
        "value": ratio.value,
        "low": ratio.low,
        "high": ratio.high,
        "n": trial.n,
        "patients": patients,
        "shown": f"{number(ratio.value)} ({ratio.interval})",
        "supports": trial.supports_option,
        "source": ratio.source,
        "tip": [
            f"{trial.title}, {trial.therapy_label}",
            ratio.outcome,
            texts.say("forest.tip-ratio", value=ratio.value, interval=ratio.interval),
            ratio.result,
            patients,
            texts.say("forest.supports" if trial.supports_option else "forest.beside"),
            ratio.source,
        ],
    }


def patients_of(trial: Trial, texts: PlotTexts) -> str:
    """Say how many patients a trial had, or that the number is not verified."""
    return texts.say("forest.n-unknown") if trial.n is None else texts.say("forest.n", n=trial.n)
