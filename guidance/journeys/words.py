"""Small words that steer a conversation: yes, no, do not know, cancel, start again, why, what if."""

from __future__ import annotations

import re

_POLITE_END = r"[\s.!,]*(?:please|thanks|thank you|thx|mate|sorry|now)?[\s.!]*"
_OPENING = r"(?:oh |um |er |well |hmm |ah )?"


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_STOP = _any(
    "cancel", "stop", "quit", "exit", "abort", "forget (?:it|that|this)", "never ?mind", "nvm", "leave it", "drop it",
    "scrap (?:it|that)", "i give up", "don'?t bother", "(?:i )?do ?n'?t want to(?: any ?more)?",
    "(?:i )?do ?n'?t want to (?:(?:do|finish|continue) (?:this|it)|carry on|go on|leave my details|register)"
    "(?: any ?more)?",
    "forget it all", "delete (?:it all|everything(?: i (?:told you|said|typed))?)",
    "not now",
    "stop asking", "(?:i'?ve )?changed my mind", "no more(?: questions)?",
    "bin (?:it|this|that)", "(?:do|finish) (?:it|this) (?:later|another (?:time|day)|tomorrow)",
    "abandon", "(?:exit|close|end|leave|abandon|quit) (?:it|(?:(?:this|the) )?(?:form|chat))", "i'?m (?:out|leaving)",
    "(?:let'?s )?(?:stop|leave it|end it|call it a day)(?: right)? (?:there|here|at that)", "let'?s (?:stop|leave it)",
    "(?:get|let|take) me out(?: of (?:this|it|here|(?:this|the) form))?", "go away", "that'?s enough",
    "(?:i'?d|i would) rather not (?:register|carry on|go on|continue|do (?:this|it)|leave (?:my|any) details)"
    "(?: any ?more)?",
    "(?:i'?m |i am )?(?:no longer interested|not interested any ?more)(?: in (?:this|it|registering))?",
    "(?:i'?m |i am )?not interested in (?:this|it|registering)(?: any ?more)?",
    "(?:do ?n'?t|do not) (?:save|keep|store|record) (?:any of )?(?:this|it|that|my details|anything)",
    "(?:no thanks,? )?(?:good)?bye(?:[ -]bye)?",
)  # fmt: skip
_WHAT_IS_STOPPED = _any(
    "it", "this", "that", "all of it", "the (?:check|form|whole thing|registration)", "asking(?: me)?(?: questions)?",
    "my (?:details|interest|registration)",
)  # fmt: skip
CANCEL = _pattern(
    rf"(?:ok,? |okay,? |please |no,? |nah,? |sorry,? |actually,? |wait,? |can (?:you|we|i) |i want to "
    rf"|(?:i'?ve )?changed my mind[,.]* )*"
    rf"{_STOP}(?: {_WHAT_IS_STOPPED})?{_POLITE_END}"
)
_RESTART = _any(
    "(?:start|begin)(?: all)? (?:over|again|afresh|from scratch|from the (?:start|beginning))",
    "restart",
    "reset",
    "clear (?:all|everything)",
    "back to the (?:start|beginning)",
)  # fmt: skip
_LATER = r"can (?:we|i) (?:do|finish) (?:it|this) (?:later|another (?:time|day)|tomorrow)"
ENOUGH = _pattern(rf"\b(?:stop|cancel|quit|forget it|never ?mind|{_LATER})[?]?{_POLITE_END}$")
CORRECTING = _pattern(r"^(?:sorry|no|oh|ah|wait|hang on|actually|oops)\b")
START_OVER = _pattern(r"(?:can (?:we|i) |let'?s |please |i want to )?(?:" + _RESTART + rf"){_POLITE_END}")
WHY = _pattern(
    r"(?:but |and |sorry |um )?"
    r"(?:why|what (?:do|would|will) you (?:need|want|do with) (?:it|this|that|them)"
    r"|what(?:'?s| is) (?:it|this|that) for)\b"
)
WHY_ASKED = _pattern(
    r"^(?:but |and |sorry |um )?why[\s?!.]*$"
    r"|\b(?:need|needed|want|wanted|ask|asking|asked|matter|matters|relevant|require|for|with)\b"
    r"|^why (?:my |the |a |an )?(?:phone|number|e-?mail|name|job|role|school|workplace|start)\b"
)
_YES = _any(
    "yes",
    "yep",
    "yeah",
    "yup",
    "yea",
    "ye",
    "y",
    "aye",
    "correct",
    "right",
    "sure",
    "definitely",
    "absolutely",
    "indeed",
    "of course",
    "true",
    "ok",
    "okay",
    "it is",
    "it does",
    "i am",
    "i do",
    "i have",
    "we are",
    "we do",
    "we have",
    "i did",
    "they did",
    "it'?s on",
    "that'?s (?:right|correct|fine)",
    "go on",
    "please do",
)  # fmt: skip
YES = _pattern(rf"^{_OPENING}" + _YES + r"\b")
_NO = _any(
    "no",
    "nope",
    "nah",
    "n",
    "not",
    "never",
    "neither",
    "none",
    "negative",
    "false",
    "i'?m not",
    "i am not",
    "i have ?n'?t",
    "i do ?n'?t",
    "it is ?n'?t",
    "it does ?n'?t",
    "it'?s not",
    "we'?re not",
    "we are ?n'?t",
    "we have ?n'?t",
    "we do ?n'?t",
    "i did ?n'?t",
    "was ?n'?t",
    "have ?n'?t",
    "is ?n'?t",
)  # fmt: skip
NO = _pattern(rf"^{_OPENING}" + _NO + r"\b")
_UNSURE = _any(
    "not (?:really |quite |entirely |that |too )?sure",
    "unsure",
    "(?:do ?n'?t|do not) (?:really )?know",
    "dunno",
    "no idea",
    "idk",
    "no clue",
    "not certain",
    "can'?t (?:remember|say|recall)",
    "have ?n'?t a clue",
    "have ?n'?t decided",
    "not decided",
    "undecided",
    "could ?n'?t (?:say|tell you)",
    "who knows",
    "hard to say",
    "maybe",
    "possibly",
    "not applicable",
)  # fmt: skip
UNSURE = _pattern(r"\b" + _UNSURE + r"\b")
_WHAT_IF = _any(
    "what if",
    "and if",
    "but if",
    "if i (?:was|were|did|had|went|worked|moved|took|chose)",
    "how about",
    "what about",
    "instead",
    "actually",
    "rather",
    "i meant",
    "i mean",
    "change (?:that|it|my)",
    "wait",
    "correction",
    "not .{1,20} but",
    "switch",
    "suppose",
    "say i",
)  # fmt: skip
WHAT_IF = _pattern(r"\b" + _WHAT_IF + r"\b|^(?:and|or|but) (?:for )?")
_QUESTION = _any(
    "how",
    "what",
    "what'?s",
    "when",
    "when'?s",
    "where",
    "which",
    "who",
    "why",
    "whose",
    "is",
    "are",
    "do",
    "does",
    "did",
    "can",
    "could",
    "will",
    "would",
    "should",
    "am",
    "may",
    "has",
    "have i",
    "tell me",
    "explain",
)  # fmt: skip
_BEFORE_IT = _any("and", "but", "so", "ok", "okay", "also", "hi", "hello", "um", "actually", "wait", "hang on",
    "by the way", "btw", "right", "oh", "ah", "sorry", "well", "just", "one more thing", "quick question", "quick one",
    "before that", "first")  # fmt: skip
A_QUESTION = _pattern(rf"\?\s*$|^(?:{_BEFORE_IT}[,.]? )*{_QUESTION}\b")
MOST_WHY = 12  # words of "why do you need this?"


def is_question(text: str) -> bool:
    """Whether it reads as a question; an address that begins with "will" does not."""
    return bool(A_QUESTION.search(text.strip())) and ("@" not in text or "?" in text)


def asks_anything(text: str) -> bool:
    """Whether a part of it reads as a question: "my email is ann@oak.org, how long is it"."""
    words = re.sub(r"\S*@\S*", " , ", text)  # an address may begin with "will"
    return "?" in text or any(is_question(part) for part in re.split(r"[,;\n]|\.\s", words))


def asks_why(text: str) -> bool:
    """Whether it asks what something is needed for: "why do you need this?"."""
    text = text.strip().replace("’", "'")
    return bool(WHY.match(text) and len(text.split()) <= MOST_WHY and WHY_ASKED.search(text))


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single blanks, no full stop at the end: for comparing what is said."""
    return " ".join(text.replace("’", "'").lower().split()).strip(" .!")
