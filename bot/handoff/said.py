"""What a person of the team wrote in Slack, as plain text for the visitor: no signs of Slack's own are left in it."""

from __future__ import annotations

import re

from bot.channels.slack.texts import decoded

COLLEAGUE = "a colleague"  # whose name is not the visitor's to know
# Slack writes also an emoji that was typed as such by its name. Those people use at work; the others go.
EMOJI = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "ok_hand": "👌", "wave": "👋", "clap": "👏",
    "raised_hands": "🙌", "pray": "🙏", "muscle": "💪", "crossed_fingers": "🤞", "point_right": "👉",
    "point_down": "👇", "slightly_smiling_face": "🙂", "simple_smile": "🙂", "smile": "😄", "smiley": "😃",
    "grinning": "😀", "blush": "😊",
    "wink": "😉", "joy": "😂", "sweat_smile": "😅", "thinking_face": "🤔", "slightly_frowning_face": "🙁",
    "disappointed": "😞", "relieved": "😌", "hugging_face": "🤗", "sunglasses": "😎", "heart": "❤️", "tada": "🎉",
    "star": "⭐", "sparkles": "✨", "rocket": "🚀", "bulb": "💡", "warning": "⚠️", "white_check_mark": "✅",
    "heavy_check_mark": "✔️", "x": "❌", "question": "❓", "exclamation": "❗", "email": "📧", "phone": "☎️",
    "telephone_receiver": "📞", "link": "🔗", "calendar": "📆", "date": "📅", "books": "📚", "mortar_board": "🎓",
    "school": "🏫", "coffee": "☕", "christmas_tree": "🎄", "sunny": "☀️", "hourglass_flowing_sand": "⏳",
}  # fmt: skip
_NAMED = re.compile(r"(?<!\w):([a-z0-9_+'-]*[a-z+1][a-z0-9_+'-]*):(?::skin-tone-\d:)?(?!\w)")
# As Slack shows it: the marks stand at the edges of words, with no blank within.
_MARKED = re.compile(r"(?<![\w*_~`/])([*_~])(?=\S)([^\n]{0,500}?\S)\1(?![\w*_~`/])")
_CODE = re.compile(r"`{1,3}([^`]+)`{1,3}")


def plain(text: str) -> str:
    """The text, as Slack writes it, without mentions of colleagues, names of emoji and marks for bold and the like."""
    found = _NAMED.sub(lambda name: EMOJI.get(name[1], ""), decoded(text, COLLEAGUE))
    found = _CODE.sub(r"\1", found)
    for _ in range(3):  # bold within italic
        found = _MARKED.sub(r"\2", found)
    return re.sub(r"[ \t]+(?=\n|$)", "", found).strip()
