"""Aims and experience as people write them, and what the recommendation makes of whole messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.understood import understood
from bot.nlu.encoder.session import Encoder
from bot.nlu.language import live
from bot.nlu.language.entities import entities
from guidance.knowledge import current
from guidance.question import Understood
from guidance.recommend import Profile, recommend
from tests.bot.nlu.conftest import TODAY, Named

Hear = Callable[[str], Understood]


@pytest.fixture(scope="module")
def hear(encoder: Encoder) -> Hear:
    """A message as `understood` gives it, without intent and topics."""

    def read(text: str) -> Understood:
        found = entities(live.guide(current()).read(text), current(), TODAY)
        return understood(
            {
                "text": text,
                "entities": [
                    {"entity": item.kind, "value": item.value, "start": item.start, "end": item.end} for item in found
                ],
            }
        )

    return read


AIMS = {
    "I want to be a head in two years": "headship",
    "headship": "headship",
    "aspiring headteacher": "headship",
    "wanna be a head one day": "headship",
    "wnat to be a headteecher": "headship",
    "thinking of headship in a while": "headship",
    "I'd love to eventually run a school": "headship",
    "hoping to be an exec head": "executive",
    "aspiring CEO": "executive",
    "exec head": None,
    "move into SLT": "senior_leadership",
    "I would like to move into senior leadership": "senior_leadership",
    "looking to be an assistant head": "senior_leadership",
    "want to be head of department": "lead_subject",
    "I want to lead a subject": "lead_subject",
    "wants to lead pastoral": "lead_behaviour",
    "hope to lead behavour": "lead_behaviour",
    "I'd like to lead literacy": "lead_literacy",
    "want to lead literecy": "lead_literacy",
    "I lead literacy": None,
    "interested in leading primary maths": "lead_primary_maths",
    "we want to embed mastery": "lead_primary_maths",
    "become a senco": "become_senco",
    "hopping to becom a senco": "become_senco",
    "want to support our ECTs": "develop_teachers",
    "I want to train teachers": "develop_teachers",
    "would like to lead early years": "lead_early_years",
    "support in my new headship": "headship_support",
    "just develop my teaching": "develop_teaching",
    "I don't want to be a head": "develop_teaching",
    "i dont want to be a headteacher": "develop_teaching",
    "I'm not going to be a senior leader": None,
    "my head told me to do one": "told",
    "my headteacher has asked me to do an npq": "told",
    "no idea": "undecided",
    "npq in headship": None,
    "how long is the leading literacy npq": None,
    "can a non teacher be a senco": None,
    "my head wants me to pull out": None,
}


@pytest.mark.parametrize(("text", "aim"), AIMS.items())
def test_aims(text: str, aim: str | None, named: Named) -> None:
    found = {value for _, value in named(text, "aim")}
    assert found == ({aim} if aim else set())


EXPERIENCE = {
    "new head": "new_head",
    "first five years of headship": "new_head",
    "head for 3 years": "new_head",
    "I've been head teacher here for four years": "new_head",
    "headteacher since 2024": "new_head",
    "experienced head": "experienced_head",
    "head for 12 years": "experienced_head",
    "been a head over ten years": "experienced_head",
    "head since 2015": "experienced_head",
    "assistant head, new in post": "new_in_post",
    "taught for two years": "first_years",
    "I have NASENCO": "has_nasenco",
    "I hold the NASENCO": "has_nasenco",
    "when did nasenco end": None,
    "does a PRU need a qualified senco": None,
    "what is teaching for mastery": None,
    "I don't have NASENCO": "no_nasenco",
    "never done teaching for mastery": "no_mastery",
    "I've already done NPQSL": "has_npqsl",
    "already have my npq in headship": "has_npqh",
    "I haven't already done NPQSL": None,
    "I have not done NPQSL": None,
    "do I have to have NPQSL first": None,
    "a head in two years": None,
    "teacher for 12 years": None,
}


@pytest.mark.parametrize(("text", "value"), EXPERIENCE.items())
def test_experience(text: str, value: str | None, named: Named) -> None:
    found = {value for _, value in named(text, "experience")}
    assert found == ({value} if value else set())


def test_a_job_named_only_as_an_aim_is_not_theirs(hear: Hear) -> None:
    said = hear("I'm an assistant head and want to be a deputy head")
    assert (said.jobs, said.aims) == (("assistant_head",), ("senior_leadership",))
    told = hear("My headteacher told me to do one")
    assert (told.roles, told.jobs) == (("headteacher",), ())
    head = hear("I'm a headteacher and my CEO wants an NPQ from me")
    assert head.jobs is not None
    assert "headteacher" in head.jobs


# what people write -> first choice, or what is asked first
MESSAGES = {
    "i'm second in department, which npq?": "NPQLT",
    "2ic in maths at a secondary": "NPQLT",
    "KS3 lead who is also pastoral": "NPQLBC",
    "ks3 coordinator and head of year": "NPQLBC",
    "I'm a SENCO and I'm on SLT": "NPQSENCO",
    "sendco on slt": "NPQSENCO",
    "newly appointed senco": "NPQSENCO",
    "SENCO + assistant head": "NPQSENCO",
    "assistant head/senco": "NPQSENCO",
    "i'd like to become a senco next year": "NPQSENCO",
    "I'm a SENCO with nasenco already": "NPQSL",
    "head of year 9": "NPQLBC",
    "hoy and dsl": "NPQLBC",
    "KS1 phase leader": "NPQLT",
    "EYFS lead in a primary": "NPQEYL",
    "phase lead for EYFS and KS1": "NPQLT",
    "I lead EYFS": "NPQEYL",
    "I'm an ECT": "NPQLT",
    "ect2 hoping to lead a subject": "NPQLT",
    "I'm a teaching assistant": "NPQLBC",
    "HLTA": "NPQLBC",
    "cover supervisor": "NPQLBC",
    "school business manager": "NPQSL",
    "executive headteacher": "NPQEL",
    "I'm a deputy and want to be an exec head": "NPQH",
    "I'm the CEO of a small MAT": "NPQEL",
    "head of a PRU on two sites": "NPQH",
    "PRU head of two sites": "NPQH",
    "I manage a nursery": "NPQEYL",
    "nursery manager": "NPQEYL",
    "childminder": "NPQEYL",
    "lead mentor for ITT": "NPQLTD",
    "itt mentor": "NPQLTD",
    "maths mastery lead in a primary": "NPQLPM",
    "maths mastery lead, secondary school": "NPQLT",
    "primary maths lead, never done mastery": "NPQLT",
    "attendance lead": "NPQLBC",
    "behaviour lead": "NPQLBC",
    "literacy lead in a secondary": "NPQLL",
    "literacy lead and KS1 phase lead": "NPQLL",
    "reading lead": "NPQLL",
    "school librarian": "NPQLL",
    "cpd lead": "NPQLTD",
    "designated safeguarding lead": "NPQLBC",
    "supply teacher": "NPQLT",
    "LA adviser": "NPQEL",
    "FE teacher": "NPQLT",
    "assistant head new in post": "NPQSL",
    "deputy head": "NPQH",
    "deputy and maths lead": "NPQH",
    "experienced head": "NPQEL",
    "headteacher for 12 years": "NPQEL",
    "new head": "NPQH",
    "head of school": "NPQH",
    "SEN teacher": "NPQSENCO",
    "EAL lead": "NPQSL",
    "subject leader in primary": "NPQLT",
    "director of sixth form": "NPQSL",
    "exams officer": "NPQSL",
    "teaching head and SENCO": "NPQSENCO",
    "head of department who wants to be on SLT": "NPQSL",
    "head of science hoping to be a head in 5 years": "NPQSL",
    "class teacher hoping to lead literacy": "NPQLL",
    "want to support ects": "NPQLTD",
    "already done NPQSL, I'm an assistant head": "NPQH",
    "i've done NPQH and i'm a new head": "EHCO",
    "my head told me to do one, i'm second in science": "NPQLT",
    "governor": None,
    "my head told me to do one": "role",
    "I want to be a head in two years": "role",
    "no idea which one": "role",
    "teacher in an independent school": "aim",
    "independent school teacher": "aim",
    "I'm a class teacher": "aim",
    "middle leader": "responsibility",
    "I'm a headteacher": "experience",
}


@pytest.mark.parametrize(("text", "outcome"), MESSAGES.items())
def test_messages(text: str, outcome: str | None, hear: Hear) -> None:
    decision = recommend(Profile().hear(hear(text)), current(), TODAY)
    assert (decision.needs[0] if decision.needs else decision.first) == outcome


OPTIONS = [(question, option) for question in current().recommend.data.questions for option in question.options]


@pytest.mark.parametrize(("question", "option"), OPTIONS, ids=[option.payload for _, option in OPTIONS])
def test_a_button_says_what_it_stands_for(question: object, option: object, hear: Hear) -> None:
    said = hear(option.payload)  # type: ignore[attr-defined]
    [(kind, value)] = option.means.items()  # type: ignore[attr-defined]
    heard = {"role": said.jobs, "aim": said.aims, "experience": said.experience}[kind]
    assert heard == (value,)


def test_answers_add_up_over_a_conversation(hear: Hear) -> None:
    profile = Profile().hear(hear("my headteacher told me to do one"))
    said = []
    for answer in ("I am a middle leader", "I lead on behaviour"):
        decision = recommend(profile, current(), TODAY)
        said.append(decision.needs[0])
        profile = profile.after_asking(decision.needs[0]).hear(hear(answer))
    assert said == ["role", "responsibility"]
    assert recommend(profile, current(), TODAY).first == "NPQLBC"
