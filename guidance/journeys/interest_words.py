"""Words said to the interest form: yes, no, skip, send, change; and whether a message may hold details."""

from __future__ import annotations

import re

from guidance.journeys.interest_details import details_in
from guidance.journeys.interest_looks import A_TIME, REGISTER_SOMEONE
from guidance.journeys.words import is_question, plain
from guidance.knowledge import Knowledge
from guidance.question import Understood

OPTIONAL = ("role", "school", "cohort", "phone")
CHANGE = re.compile(
    r"\b(wrong|change|correction|should (be|say)|typo|mistake|misspel\w+|spelt|spelled|update|edit|amend"
    r"|not right|isn'?t right|incorrect|fix|remove|delete|drop|take (out|off)|leave out|make it|instead|add)\b"
    r"|\b(?:that|this|it)(?: is|['’]?s) not (?:my|the)\b|\bactually\b|\bexcept\b|\bapart from\b"
    r"|\btake\b.{1,25}\b(out|off)\b|\bbut no\b|[:,] (none|blank|nothing)\b|\bno longer\b|\bsurname is\b|\bfirst name\b"
    r"|\b(name|role|job|school|phone|email|start) is now\b|\bhas changed\b|\bis now\b"
    r"|\bcorrect (the|my|it)\b|^(yes,? )?but (my|the|make|change)\b|^(sorry|no|wait|oh)\b.*\bit'?s\b",
    re.IGNORECASE,
)
REMOVING = re.compile(
    r"\b(remove|delete|drop|take (out|off)|take\b.{1,25}\b(out|off)|leave out|without|no|none|blank|empty"
    r"|nothing)\b",
    re.IGNORECASE,
)
NO_NEWS = re.compile(
    r"\b(no|not|don'?t|do not|stop|without|never|changed my mind)\b.{0,25}\b(news|emails|marketing|newsletters?)\b",
    re.IGNORECASE,
)
SEND_NOW = re.compile(r"(yes[, ]*)?(please )?(send|submit)( it)?[\s.!]*", re.IGNORECASE)
ADDING = re.compile(r"\b(add|also|too|as well|and)\b", re.IGNORECASE)
SEND = re.compile(
    r"(y|yes|yep|yeah|yup|ok|okay|(all )?correct|right|all (good|fine|right)|looks? (good|right|fine)"
    r"|that'?s (right|correct|fine)|(that|it|everything) is (right|correct|fine)|its? fine|send|submit|confirm|go ahead"
    r"|please do|perfect|it is|sure|try again|again|i am sure|nothing|fine)\b[\s,.!]*"
    r"(then|please|all good|(please )?send( it)?|submit( it)?|confirm|go ahead|thanks|thank you|i am sure"
    r"|(that|it)'?s (right|correct)|again)?[\s,.!]*(thanks|thank you|please)?[\s.!]*|\U0001f44d[\s.!]*",
    re.IGNORECASE,
)
CLEAR_YES = re.compile(
    r"(oh )?(yes|yep|yeah|yup)[\s,.!]*"
    r"(please|i do|i agree|that'?s fine|you (may|can)|ok|okay|of course|thanks|thank you)?[\s.!]*"
    r"|i (agree|consent)[\s.!]*|(y|please do)[\s.!]*",
    re.IGNORECASE,
)
SKIP = re.compile(
    r"(skip( (it|this|that))?|(i )?(would |'d )?(rather|prefer) not( to)?( say)?|no thanks?( you)?|none"
    r"|leave (it )?(out|blank|empty)|next|pass|(i )?(don'?t|do not) (want to|wish to)( say| give( it)?)?"
    r"|n/?a|not applicable|no phone|no,? (skip|thanks)|no)[\s.!]*",
    re.IGNORECASE,
)
_RATHER_NOT = re.compile(
    r"(?:no,? )?(?:sorry,? )?(?:(?:i'?d |i would |i )?(?:rather|prefer) not(?: to)? (?:say|tell|give|share|answer)\b"
    r"|(?:i )?(?:do ?n'?t|do not) (?:want|wish) to (?:say|tell|give|share|answer)\b"
    r"|(?:i'?m |i am )?not (?:saying|telling|giving|sharing)\b).*"
)
# Said to see whether anybody is still there; no name, job or school.
HELLO = re.compile(
    r"(hi|hello|hey|hiya|good (morning|afternoon|evening)|thanks?( you)?|cheers|i'?m back|back|sorry)"
    r"([\s,]+(there|again|all|now|npq guide|guide|very much|a lot|so much|i'?m back))*[\s.!?]*"
    r"|(is (anybody|anyone)|are you)( still)? there[\s.!?]*|where (was i|were we)[\s.!?]*",
    re.IGNORECASE,
)
# Said to come back to the form after something else; no answer to any of its questions.
GO_ON = re.compile(
    r"(?:(?:ok|okay|right|fine|sure|yes|yeah|alright|anyway|so|thanks|cool|great|good)[\s,.]+)*(?:please )?"
    r"(?:(?:let['’]?s )?(?:carry on|go on|continue|keep going|crack on|resume)|back to (?:the form|it)"
    r"|(?:i['’]?m )?ready)(?:\s(?:then|please|now|with (?:it|this|that|the form)))*",
)
_PERSONAL = re.compile(r"@|\d(?:[\s()./-]*\d){5}")
ROLE_AT = re.compile(rf"^(?P<role>.{{3,80}}?)\s+(?:at|in|from)\s+(?P<school>(?!(?i:{A_TIME}))[A-Z].{{2,}})$")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# To leave one's details, in the words people use.
START = re.compile(
    r"^register another\b|\bregister (the )?(other|second|next) (one|person)\b"
    r"|\b(register(ing)?|express(ing)?|not(e|ing)|leav(e|ing)|record(ing)?|give) .{0,12}\b(interest|details|email)\b"
    r"|\bregister (me|us)\b|\bregister (an?|my|our) (other )?(colleague|deputy|friend|member of staff|teacher|head"
    r"|senco|husband|wife"
    r"|partner|assistant|staff)|\b(leave|give|take|drop) .{0,14}\b(deets|number|contact info)\b"
    r"|\b(ring|phone|call|text|email|message) me (back )?(about|on|at|when|with|regarding|please|pls|asap|to)\b"
    r"|^(please |pls )?(ring|call|phone) me\b"
    r"|\b(someone|somebody|anyone) (to )?(ring|call|phone|email|contact|get in touch with) me\b"
    r"|\bget in touch (with me|\+?\d)"
    r"|\b(?:can|could|would|will) (?:someone|somebody|anyone|anybody|you guys) (?:please )?"
    r"(?:get in touch|(?:ring|call|phone|email|contact|speak to|talk to) (?:me|us))\b"
    r"|\b(?:want|like|need|trying|can i|could i) (?:to )?(?:sign|put) (?:my|our|an?|one of (?:my|our)) "
    r"(?:deputy|colleague|assistant head|staff|teacher|senco|head of \w+|phase leader|middle leader)s? (?:up|down)\b"
    r"|\b(i('?d like| want| need)|could i have|can i have|request) (an? )?(call ?back|phone call)\b|\bcall me back\b"
    r"|\b(leave|give) (you )?my name\b|\b(like|want) to be (contacted|called|emailed|rung)\b|\btake (my"
    r"|down my) (details|name|number|email)\b"
    r"|\blet me know when\b.{0,60}@|\bput me down\b|\badd me\b.{0,30}\blist\b"
    r"|\bput me on (the|your|a)\b.{0,12}\blist\b"
    r"|(?<!they )(?<!he )(?<!who )(?<!school )(?<!head )(?<!trust )(?<!agency )\b(sign|put|add) me (up|down|on)\b"
    r"|\bi'?m interested in (registering|signing up)"
    r"|\bexpression of interest\b|^eoi\b|\bput my name down\b|\badd me to\b.{0,20}\blist\b|\bwant to be contacted\b"
    r"|\b(get|have|ask) (a provider|someone|somebody|them) (to )?contact me\b|\bcontact me (about|when|with)\b"
    r"|\bkeep me (informed|posted|updated)\b|\bcall me back\b",
    re.IGNORECASE,
)
# About registering interest, and not to do it: "is an expression of interest the same as applying", "no reply yet".
COMPARING = re.compile(
    r"\b(same( thing)? as|differen(t|ce)|versus|vs|counts? as|instead of|as good as"
    r"|or (an |the )?(appl\w+|register\w*|registration)|have i (now )?(applied|registered)"
    r"|am i (now )?(in|applied|registered)|does (that|this|it) mean"
    r"|no (reply|answer|response)|(nobody|no ?one) (has|have|rang|replied|answered|called|emailed)"
    r"|heard (nothing|back)|(not|n['’]?t) heard)\b",
    re.IGNORECASE,
)
ANOTHER = re.compile(
    r"\b(another|other|second|different|colleague|someone else|somebody else|friend|my deputy|husband|wife|partner"
    r"|member of staff)\b",
    re.IGNORECASE,
)
BACK = re.compile(r"(go |can (i|we) go )?back( (one|a step|please))?|previous( question| one)?|undo( that)?|one back")
DO_NOT_SEND = re.compile(
    r"\b(do ?n['’]?t|do not) (send|submit)\b|\blet me think\b|\bi (withdraw|do ?n['’]?t (consent|agree))\b"
    r"|^(no thanks|nah\b.*|not yet|hold on|wait)[\s.!]*$",
    re.IGNORECASE,
)
NEWS = re.compile(r"\b(?:news|newsletters?|marketing|mailing list)\b", re.IGNORECASE)
NEWS_YES = re.compile(r"\byes (please )?(to|for) (the )?(news|marketing|newsletters?|emails)\b", re.IGNORECASE)
_SENDING = _words(
    "yes y yep yeah yup ok okay sure correct right good fine great perfect send submit confirm confirmed ahead spot",
    "agreed lovely absolutely definitely brilliant \U0001f44d",
)
_BESIDE = _words(
    "all that thats is it its everything looks look to me please thank thanks you very much cheers go for on then now",
    "them do so happy with the i am im this sounds ta of course those are my answers details try again",
)
_TO_CORRECT = re.compile(r"\bcorrect (?:my|the|it|this|that|them|these|those)\b")  # asks for it; says not that it is
MOST_SENDING = 12  # words


def skips(text: str) -> bool:
    """Whether a message leaves out what is asked for: "skip", "I'd rather not say where I work"."""
    return bool(SKIP.fullmatch(plain(text)) or _RATHER_NOT.fullmatch(plain(text)))


def says_send(text: str) -> bool:
    """Whether a message says nothing but yes to sending: "yes, that's all correct, thank you"."""
    words = re.sub(r"['’]", "", text.lower())
    if is_question(text) or _TO_CORRECT.search(words):
        return False
    found = re.findall(r"[^\W\d_]+|\U0001f44d", words)
    if not found or len(found) > MOST_SENDING or "?" in text or any(sign.isdigit() for sign in text):
        return False
    clear = _SENDING & set(found) - ({"right"} if found == ["right"] else set())
    go_ahead = " ".join(found[:2]) in ("go for", "go ahead", "please do", "try again")
    return (bool(clear) or go_ahead) and set(found) <= _SENDING | _BESIDE


def starts(text: str) -> bool:
    """Whether a message asks to leave details, for oneself or for somebody it names."""
    return bool(START.search(text) or REGISTER_SOMEONE.search(text))


def may_reach(text: str) -> bool:
    """Whether an address or a number may stand in a text; a quick look, before the details are read."""
    return bool(_PERSONAL.search(text))


def holds_details(said: Understood) -> bool:
    """Whether a message may hold personal details: sure ones, or what looks like a mistyped address or number."""
    return may_reach(said.text) or bool(details_in(said).keys() - {"cohort"})


def holds_contact(said: Understood) -> bool:
    """Whether a message names a person or gives an address or a number, wherever it is said."""
    return may_reach(said.text) or bool(details_in(said).keys() & {"name", "email", "phone"})


def may_be_details(said: Understood) -> bool:
    """Whether a message to the form may not be kept: all but plain questions."""
    return not is_question(said.text) or holds_details(said)


def not_denied(said: Understood) -> tuple[str, ...]:
    """The programmes a message wants: not those after "not", as in "NPQSL, not NPQH"."""
    return tuple(
        code for code in said.programmes if not re.search(rf"\bnot (?:the )?{code}\b", said.text, re.IGNORECASE)
    )


def current_of(codes: tuple[str, ...], knowledge: Knowledge) -> list[str]:
    """Of programmes named, those that can be taken now."""
    return [code for code in codes if knowledge.programmes[code].status == "current"]
