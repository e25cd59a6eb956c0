"""Ordinary words of messages about NPQs, and what each says about a school's name beside it."""

from __future__ import annotations

from guidance.schools.words import one_form, one_of

BOUNDARY = one_of(
    """
    i im ive id me my we were weve our ours us you your they their he she his her it its is am are was be been being
    have has had having do does did done want wanting wanted need would could should can will may might must if when
    while because so but or who whom whose which what where why how that this these those there here then than as also
    not never ever no yes just only very really currently now soon already still please thanks hello hi get got
    getting into onto about from between over within without during since until before after per via work working
    works worked teach teaching teaches taught lead leads leading led leader run running manage managing manager join
    joining joined start starting started apply applying take taking took think thinking study like teacher
    headteacher head deputy assistant principal senco sendco governor mentor coach coordinator ect tutor director ceo
    chair tas ta npq npqh npqsl npqlt npqltd npqlbc npqll npqlpm npqel npqeyl npqsenco ehco nqt qts eligible funded
    funding funds scholarship course qualification phase stage ks1 ks2 ks3 ks4 ks5 maths literacy pastoral behaviour
    curriculum subject level based called named urn ukprn postcode an any another each every some one most many
    several all both such other same left moved move last next ago term today tomorrow yesterday january february
    march april june july august september october november december
    """
)
"""Words that end a name."""

INDEFINITE = one_of(
    """
    a an any another each every some one no which what that this such most
    """
)
"""Before these words' noun no particular school is meant."""

NOT_A_SCHOOL = one_of(
    """
    trust trusts hub hubs alliance federation group partnership improvement leader leaders leadership teacher teachers
    teaching staff business wide level maths mathematics literacy english phase sector education pupils pupil children
    age aged years students student practitioner day days year budget governor governors governance system setting
    settings head heads headteacher senco role job jobs based council
    """
)
"""After these, "school" belongs to the next word: "academy trust", "primary maths", "school improvement"."""

ORDINARY = one_of(
    """
    big small large little tiny huge local rural urban city inner town village new old good great outstanding
    inadequate challenging struggling successful busy friendly faith religious christian muslim jewish islamic hindu
    sikh welsh english british european international american private public fee paying boarding day summer sunday
    saturday night forest sport sports art arts music language science training teaching whole open closed current
    previous former last next own nearby different single double form entry two three one term hope progress focus
    aspire inspire unity bridge link success future horizon discovery excellence challenge enterprise growth compass
    pathway journey vision steiner montessori ballet drama dance cathedral hospital home virtual online outdoor
    leading great multi cross through partner lead host main feeder placement neighbouring sister mainstream sen send
    semh mat eyfs academic national county district borough council government funded deprived disadvantaged large
    area church overseas time diocesan sponsored
    """
)
"""Words that stand before "school" in any sentence: names made of these alone count only when written like one."""

CUES = one_of(
    """
    at from is are were im am re for of called named in school by to with join joining
    """
)

ORDINARY_FORMS = frozenset(one_form(word) for word in ORDINARY)
