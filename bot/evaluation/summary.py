"""The figures as lines of text."""

from __future__ import annotations

from bot.evaluation.figures import FEWEST_RECALL, accuracy, not_answered, refused, unsure
from bot.evaluation.measured import Measured
from bot.evaluation.names import ALL, Miss, Score

SHOWN = 25
SENTENCES = 4
LONGEST = 60


def understanding(measured: Measured) -> str:
    """Cross-validation: accuracy, seeds, slips and case, weak intents, confusions with their sentences."""
    figures = measured.figures
    plain = figures.of()
    lines = [
        f"lines                   {len(plain)} in {len(figures.intents)} intents, five folds",
        f"accuracy                {accuracy(plain):.3f}",
        f"macro-F1                {figures.macro_f1():.3f} (as classified, before asking back:"
        f" {figures.macro_f1(classified=True):.3f})",
    ]
    if len(measured.seeds) > 1:
        each = ", ".join(f"{value:.3f}" for value, _ in measured.seeds.values())
        lines.append(f"seeds                   {each} (spread {100 * measured.spread:.1f} points)")
    lines += [
        f"in scope, refused       {figures.share('ask_', refused):.3f}",
        f"in scope, asked back    {figures.share('ask_', unsure):.3f}",
        f"out of scope, stopped   {figures.share('oos_', not_answered):.3f}",
    ]
    for way, (after, before) in figures.drops().items():
        lines.append(f"{way:23} {after:.3f} (as written {before:.3f}, {100 * (before - after):+.1f} points lost)")
    weak = [(name, recall, count) for name, (recall, count) in figures.recalls().items() if recall < FEWEST_RECALL]
    lines += ["", f"recall under {FEWEST_RECALL}: {len(weak)} of {len(figures.intents)} intents"]
    lines += [f"  {name} {recall:.2f} of {count}" for name, recall, count in weak]
    lines += ["", "worst confusions"]
    for (wanted, got), items in figures.confusions()[:SHOWN]:
        sentences = " | ".join(item.text[:LONGEST] for item in items[:SENTENCES])
        lines.append(f"{len(items):3} {wanted} -> {got}: {sentences}")
    return "\n".join(lines)


def named(scores: dict[str, Score], misses: list[Miss]) -> str:
    """The F1 of each kind of name, and what was read otherwise than labelled."""
    each = ", ".join(f"{kind} {score.f1:.2f}" for kind, score in scores.items() if kind != ALL)
    lines = [f"names (entity F1)       {scores[ALL].f1:.3f} ({each})"]
    for miss in misses:
        faults = [*(f"not {name}" for name in miss.wrong), *(f"missed {name}" for name in miss.missed)]
        lines.append(f"  {miss.text}: {', '.join(faults)}")
    return "\n".join(lines)
