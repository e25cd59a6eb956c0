"""How personal details look in a message: labels, jobs, workplaces, times, numbers, and what is none of them."""

from __future__ import annotations

import re

# Titles of jobs in schools; what they are called in full is for the visitor to say.
JOB = re.compile(
    r"\b(?:teachers?|tutor|head|heads|headteacher|headmaster|headmistress|principal|deputy|dep|assistant|asst"
    r"|leader|lead"
    r"|leads|coordinator|co-ordinator|senco|sendco|inco|director|manager|bursar|sbm|cbm|ta|hlta|lsa|governor"
    r"|trustee|ceo|coo|cfo"
    r"|officer|mentor|practitioner|librarian|technician|administrator|receptionist|chaplain|instructor|lecturer"
    r"|specialist"
    r"|ect|nqt|slt|aht|dht|ht|hod|hoy|dsl|advis[eo]r|consultant|supervisor|worker|sbl|eyfs lead|childminder|owner)\b",
    re.IGNORECASE,
)
WORKPLACE = re.compile(
    r"\b(?:school|academy|college|primary|infants?'?|juniors?|nursery|high|grammar|trust|mat|pre-?school|federation"
    r"|pru|university)$",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^(?:(?:and|also|oh|sorry|actually|so|well|ok|yes|hi|hello)\b[\s,]*)*(?:my|the|our)?\s*(?:full |current |work "
    r"|home |school )?"
    r"(?P<label>names?|e-?mail(?: address)?|phone(?: number)?|mobile(?: number)?|tel(?:ephone)?(?: number)?|number"
    r"|role|job(?: title)?|position|(?:school|workplace|nursery|college|organisation)(?:['’]?s name| name)?|start)"
    r"(?:\s*[:=–—]\s*|\s+-\s+|\s+is\s+(?:called\s+)?|['’]s\s+)(?P<value>\S.*)$",
    re.IGNORECASE,
)
LABEL_ALONE = re.compile(
    r"(?:(?:and|my|the|at|on|by|is|work|home)\s+)*(?:e-?mail|mail|phone|mobile|tel|telephone|number"
    r"|contact)(?: address| number)?"
    r"(?:\s+(?:me|is|at|on))*[\s:=-]*",
    re.IGNORECASE,
)
FIELD_OF = (
    ("name", "name"), ("email", "email"), ("e-mail", "email"), ("phone", "phone"), ("mobile", "phone"),
    ("tel", "phone"), ("number", "phone"), ("role", "role"), ("job", "role"), ("position", "role"), ("start", "cohort"),
)  # fmt: skip
COHORT = re.compile(
    r"\b((?:the )?next (?:intake|start|cohort|year|one|autumn|spring)"
    r"|(?:autumn|spring|summer|winter|september|october|november|december|january|february|march|april|may|june|july"
    r"|august)\s+20\d\d)\b",
    re.IGNORECASE,
)
# After "from" or "in" it is no place.
A_TIME = (
    r"(?:january|february|march|april|may|june|july|august|september|sept?|october|november|december|easter|christmas"
    r"|autumn|spring|summer|winter|next|this|term|monday|20\d\d)\b"
)
LONG_NUMBER = re.compile(r"(?:\+|\b0)[\d\s()-]{8,24}\d")

PIECES = re.compile(
    r"[\n;|•()]+|,\s*|(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bProf)\.\s+|\s[-–—]\s"
    r"|\s+(?:and|but)\s+(?=(?:my|the|i|im|i['’]m)\b)|\s+(?=my\s+(?:full |work )?(?:name|e-?mail|phone|mobile|number"
    r"|role|job|school)\b)",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"^(?:(?:and|so|ok|okay|yes|hi|hello|hey|hiya|please|thanks|thank you|oh|well|also|sorry|actually)\b[\s,!.]*)+",
    re.IGNORECASE,
)
_NOT_CALLED = r"(?! (?:on|at|about|back|when|if|please|asap|after|before)\b)"
CALLED = re.compile(
    r"\b(?:(?:my|her|his|their) name(?:['’]?s| is)|i am called|i['’]m called|s?he(?:['’]?s| is) called"
    rf"|call me{_NOT_CALLED}(?= [^\W\d_]+$))\s+(.+)$",
    re.IGNORECASE,
)
NAME_ENDS = re.compile(r"\s+(?:and|but|from|at|who|you|on|now|about|because)\b.*$", re.IGNORECASE)
AND_A_JOB = re.compile(r"^((?:[^\W\d_][\w'’-]*\s+){1,3})(?:an?|the)\s+(.+)$", re.IGNORECASE)  # "jo lee a senco"
PERSON = r"((?:[A-Z][\w'’-]+\s+){1,3}[A-Z][\w'’-]+)"
FOR_SOMEONE = re.compile(
    r"\b(?i:regist\w+|details|interest|npq\w*|ehco)\b.*?\b(?:for|colleague|deputy|friend)\s+" + PERSON
)
REGISTER_SOMEONE = re.compile(rf"\b(?i:register)\s+{PERSON}\s+(?:for|on)\b")
LOOSE = re.compile(
    r"^(?P<label>name|e-?mail|phone|tel|mobile|role|job|school|workplace|start)\s+(?P<value>\S.*)$", re.IGNORECASE
)
I_AM = re.compile(
    r"^(?:i['’]?m|i am|this is|it['’]s|im|we are)\s+(?:(?:currently|also|just|only|actually|now|really"
    r"|still)\s+)*(.+)$",
    re.IGNORECASE,
)
WORKING_AS = re.compile(r"\b(?:work|working|employed|am)\s+as\s+(?:an?\s+|the\s+)?(.+)$", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:an?|the|our|acting)\s+", re.IGNORECASE)
AT = re.compile(r"\s+(?:at|from|in|for)\s+(?=\S)")
AT_NAMED = re.compile(
    r"at\s+[A-Z]\S*(?:\s+\S+){0,6}\s+(?i:school|academy|college|primary|infants?|juniors?|nursery|high)$"
)
AT_SCHOOL = re.compile(
    r"\b(?:at|from)\s+((?:[^\W\da-z_][\w'’.&-]*\s+){1,6}(?:School|Academy|College|Primary|Infants?|Juniors?|Nursery"
    r"|High))\b"
)
# A wish, a denial or somebody else: no statement of one's own job.
NO_STATEMENT = re.compile(
    r"\b(?:interested|looking|hoping|wanting|want|wants|would|like|become|becoming|being|hope|aspiring|future|not"
    r"|never|was|used|"
    r"npq\w*|ehco|register\w*|interest|details|apply\w*|contact\w*|sign\w*|unsure|sure|happy|glad|done|back|here"
    r"|new|told|asked|"
    r"need|needs|can|will|should|if|because|you|your|me)\b|\?",
    re.IGNORECASE,
)
CLOSING = frozenset(
    [
        "kind",
        "best",
        "warm",
        "regards",
        "wishes",
        "many",
        "thanks",
        "thank",
        "you",
        "dear",
        "yours",
        "sincerely",
        "faithfully",
        "cheers",
        "hi",
        "hello",
        "sent",
        "from",
        "my",
        "iphone",
        "the",
        "a",
    ]
)
LONGEST_PIECE = 8  # words


NEGATIVE = re.compile(
    r"(?:wrong|incorrect|not|missing|misspel\w*|spelt|spelled|a typo|changed|old|different|out of date)\b",
    re.IGNORECASE,
)
AND_MORE = re.compile(r"[\s,]+(?:though|now|actually|btw|by the way|please|thanks|thank you)[\s.!]*$", re.IGNORECASE)
