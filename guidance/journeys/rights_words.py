"""The words in which people use a right over their data: in any form, says the law."""

from __future__ import annotations

import re

from guidance.journeys.words import is_question
from guidance.own_words import without_small_print

_MINE = r"(?:my|me|mine|i'?ve|what i|our)"
_INFO = r"(?:data|details|detials|detail|info(?:rmation)?|records?|stuff)"
_OWN = (
    rf"(?:{_INFO}|registration|sign[- ]?up|interest|expression of interest|email(?: address)?|name|(?:phone )?number"
    rf"|entry|personal {_INFO})"
)
_KEPT = (
    rf"(?:personal {_INFO}|(?:the |this |our |that |my |whole )*(?:conversation|chat(?: history)?|transcript)"
    rf"|my account"
    rf"|any {_INFO}|(?:everything|anything|all|whatever|what|the {_INFO}) (?:that )?(?:you|about me|on me|i))"
)
_LIST = r"(?:(?:your|the|that|this|any|all|contact|waiting) ){1,3}(?:lists?|system|database|records?|books|files)"
_MAILING = r"(?:mailing|marketing|news\w*|emails?)"
_AWAY = (
    r"(?:del(?:ete)?|d[el]{2,4}te?|erase|remove?|forget|wipe|destroy|scrub|get rid of|take (?:down|out|off)"
    r"|clear|cancel|bin"
    r"|dispose of"
    r"|purge|lose)"
)
_GONE = r"(?:deleted|erased|removed|wiped|destroyed|forgotten|gone|taken (?:off|out))"
_OFF = r"(?:take|get|remove|delete|strike|cross) (?:me|my (?:name|email|number|address|details))(?: \w+){0,2}?"
_HOLD = r"(?:hold|have|keep|store|know|got|kept|stored|held|collected|hold on|saved?|written|recorded)"
_OF_ME = r"(?:on|about|of) (?:me|mine)"
_YOU = r"(?:you|they|u)"
_NOT = r"(?:do not|do ?n'?t|never|no longer)"
_SEND = (
    r"(?:e-?mail(?:s|ing|ed)?|contact(?:ing|ed)?|messag(?:es?|ing)|text(?:s|ing)?|call(?:s|ing|ed)?|phon(?:e|ing)"
    r"|ring(?:ing)?|marketing|newsletters?|news|promotions?|adverts?|spam(?:ming)?|mailing|send(?:ing)?(?! (?:me|us"
    r"|people|him|her) (?:to|round))|writing to (?:me|us)"
    r"|bother(?:ing)? me|hear(?:ing)? from)"
)
# "Never contact me" and "I asked you not to" are said to us; "UCL never contacted me" complains of silence.
_TOLD_YOU = r"(?<!\w )(?<!\w)|(?<=please )|(?<=pls )|(?<=and )|(?<=so )|(?<=but )|(?<=just )|(?<=to )|(?<=you )"
WORDS = (
    ("erase", (
        rf"{_AWAY}\b(?:\W+\w+){{0,5}}?\W+(?:{_MINE}\b.{{0,20}}\b{_OWN}\b|{_KEPT}(?:\b|$))",
        r"(?:del(?:ete)?|erase|forget|unregister|de-?register|un-?enrol|wipe) (?:me|us)\b",
        r"(?:gdpr|data) erasure\b", r"erasure request\b", r"i take it all back\b", r"demand deletion\b",
        r"(?:delete|erase|remove|wipe) (?:it|them) all\b", r"remove me\b(?! from)",
        # Not "my registration": whoever did not register here means the one with DfE; who did is heard by the form.
        r"(?:undo|withdraw|cancel|remove|reverse) my (?:interest|sign[- ]?up|enquiry"
        r"|expression of interest|registration of interest)\b",
        r"records? (?:relating to|about|on|of) me\b", r"right to keep my\b", r"lose my (?:number|details|email|data)\b",
        r"did ?n'?t give (?:you )?permission\b", r"right to (?:be forgotten"
        r"|erasure)\b", r"be forgotten\b", r"request (?:the )?erasure\b",
        rf"{_OFF}\W+(?:off|from|out of) {_LIST}", rf"get me off\b.{{0,8}}\b{_LIST}",
        rf"(?:my|these|those) {_OWN}\b.{{0,25}}\b{_GONE}\b", rf"everything about me {_GONE}\b",
        rf"i want (?:it|them|that|this) (?:all )?{_GONE}\b",
        rf"i(?:'?d| would)? (?:want|like) to be (?:{_GONE}|forgotten)\b",
        r"i(?:'?d| would)? (?:want|like) out of your (?:system|database|list)",
        rf"{_NOT} want (?:you|them|anyone) (?:to (?:have|keep|hold|store)|having|keeping|holding)\b",
        rf"{_NOT} keep\b.{{0,12}}\bmy {_OWN}\b", r"no right to (?:keep|hold|store|have) my\b",
        r"(?:cancel|withdraw) (?:both|all) (?:of )?my (?:registration|interest|sign[- ]?up|entr)\w*\b",
        r"cancel my (?:registration|interest|sign[- ]?up|enquiry|expression of interest)\b",
    )),
    ("withdraw", (
        r"(?:withdraw|take back|revoke|remove|retract|cancel)\b.{0,25}\b(?:consent|permission|agreement)\b",
        r"(?:un-?subscribe|opt(?:ing|ed)?[ -]?(?:me )?out)\b",
        rf"(?:stop|no more|{_NOT} want|cease|halt)\b(?:\W+\w+){{0,4}}?\W+{_SEND}\b",
        rf"(?:enough|quit|end)(?: (?:of|with|it|all|the|these|this|your)){{0,3}} {_SEND}\b(?! (?:job|reporting))",
        rf"(?:{_TOLD_YOU}){_NOT} (?:(?:ever|you|to|any|more|get|please|be) ){{0,4}}"
        rf"(?!\w+ed\b){_SEND}\b",
        rf"{_NOT} (?:(?:ever|you|to|any|more|get|please|be) ){{0,2}}want "
        rf"(?:(?:you|to|any|more|get|be) ){{0,4}}{_SEND}\b",
        r"you keep (?:text|email|call|ring|phon|messag|contact|send)\w*", rf"{_OFF}\W+(?:off"
        rf"|from)\b.{{0,20}}\b{_MAILING}\b",
        r"(?:changed? my mind about|no longer consent|do ?n'?t consent)\b.{0,25}\b(?:news|marketing|emails?|consent"
        r"|this|to)\b",
    )),
    ("access", (
        r"(?:copy|see|access|download|send me|show me|give me|provide|export|view|get|request|obtain|disclose"
        r"|look at)\b"
        rf"(?:\W+\w+){{0,6}}?\W+{_MINE}\W+(?:\w+\W+){{0,2}}?(?:{_INFO}|personal {_INFO}|file)\b",
        r"subject access\b", r"d?sars?\b", r"right of access\b", r"which (?:of my details"
        r"|details of mine)\b", r"show me my (?:own )?(?:data|details|info)",
        r"see what (?:you'?ve|you have) (?:stored|got|kept|written|saved)\b(?:$|.{0,8}\b(?:on|about) me)",
        rf"(?:{_INFO}|stuff|file)\b.{{0,12}}\b(?:do |have |did |does "
        rf"|that )?{_YOU}\b.{{0,8}}\b{_HOLD}\b.{{0,12}}\b{_OF_ME}\b",
        rf"(?:what|everything|anything|all)\b(?! (?:should|do|must|can|would|might|have|did) i\b)"
        rf"(?:\W+\w+){{0,4}}?\W+{_HOLD}\b(?:\W+\w+){{0,2}}?\W+{_OF_ME}\b",
        rf"what (?:do|did|have|has) {_YOU} {_HOLD}\b.{{0,14}}\b{_OF_ME}\b",
        rf"(?:any|what|which) (?:personal )?{_INFO}(?: (?:is|are))?(?: (?:held|kept|stored))? {_OF_ME}\b",
    )),
    ("correct", (
        r"(?:correct|rectify|change|update|amend|fix|edit|put right)\b(?:\W+\w+){0,4}?\W+"
        rf"(?:(?:my|our)\b.{{0,20}}\b(?:{_INFO}|email(?: address)?|name|number|surname)\b|the (?:{_INFO}"
        rf"|email address|number) you)",
        rf"(?:my|the) {_OWN} (?:you have|you hold|on your system|is|are)\b.{{0,20}}\b(?:wrong|incorrect|out of date"
        rf"|inaccurate|mis-?spelt)\b",
        r"rectification\b", r"name needs changing\b", r"(?:spelt|spelled|got) my name wrong\b",
        r"i(?:'ve| have) (?:changed|moved) school\b.{0,30}\b(?:change|update)\b",
        r"got a new (?:number|email)\b.*\b(?:change|update)\b", r"i(?:'ve| have) (?:changed"
        r"|moved) (?:my )?(?:email|name|surname|number|school|address)\b",
    )),
    ("restrict", (rf"restrict\b.{{0,30}}\b{_MINE}\b", r"right to restrict\w*", r"restriction of processing\b")),
    ("object", (
        r"(?:do ?n'?t|do not) (?:agree|consent) to (?:you )?(?:using|processing|sharing|having)\b", r"be profiled\b",
        rf"object to\b.{{0,40}}\b(?:{_MINE}|processing|data|used?|profil\w+|marketing)\b",
        rf"(?:{_NOT}|stop) (?:use|using|process|processing|share|sharing|sell|selling|pass"
        rf"|passing)\b.{{0,20}}\bmy {_OWN}\b",
        rf"{_NOT} want my (?:personal )?{_OWN} (?:used|processed|shared|sold|passed)\b",
    )),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(r"\b(?:" + "|".join(words) + ")", re.IGNORECASE)) for kind, words in WORDS)
_BEFORE = r"^(?:(?:hi|hello|hey|sorry|ok|and|so|but|also)\W+)*"
_ASKING = re.compile(
    _BEFORE + r"(?:(?:can|could|would|will|may) (?:you|i|we|u|my|the|this)|please|pls|i (?:want|would|need)|tell me)\b",
    re.IGNORECASE,
)
_HOW = re.compile(
    _BEFORE + r"(?:how|what happens|why|when|where|who|do you|does|is|are|will)\b", re.IGNORECASE
)  # asks about data protection
_LATER = re.compile(r"^(?:can|could|may) i\b.*\b(?:later|any ?time|afterwards|if)\b", re.IGNORECASE)
_DO_NOT = re.compile(r"^(?:please )?do not\b", re.IGNORECASE)  # no question, though it begins like one
# What is not held here: a course, an account or records elsewhere.
_ELSEWHERE = re.compile(
    r"\b(?:npq (?:account|application|registration|record)|teacher (?:services )?account|application|place|course|dfe"
    r"|get an identity|trn|funding|withdraw from|provider'?s? (?:system|records?)|payroll)\b",
    re.IGNORECASE,
)
# A new surname on the registration with DfE is for the provider to put right.
_RENAMED = re.compile(
    r"\b(?:marri\w+|maiden|divorc\w+|deed poll)\b.*\b(?:regist\w+|form|dfe|npq|certificate)\b"
    r"|\b(?:regist\w+|form|dfe|npq|certificate)\b.*\b(?:marri\w+|maiden|divorc\w+|deed poll)\b",
    re.IGNORECASE,
)
_DATA = re.compile(r"\b(?:data|details|personal)\b", re.IGNORECASE)


def kind_of(text: str) -> str | None:
    """Which right a message uses (see `guidance.interest.model.RIGHTS`); None where it only asks about them."""
    plain = " ".join(without_small_print(text).replace("’", "'").split())
    found = next((kind for kind, pattern in _PATTERNS if pattern.search(plain)), None)
    if found is None or (_HOW.match(plain) and found != "access") or _LATER.match(plain):
        return None
    if _ELSEWHERE.search(plain) and not _DATA.search(plain):
        return None
    if found == "correct" and _RENAMED.search(plain) and not _DATA.search(plain):
        return None
    asked = is_question(_DO_NOT.sub("", plain))
    return found if not asked or _ASKING.match(plain) or found == "access" else None
