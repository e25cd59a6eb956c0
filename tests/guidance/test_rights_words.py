"""Requests about one's own data, in the words people use: recognised, told apart, and not seen where there is none."""

from __future__ import annotations

import pytest

from guidance.interest.reference import NotAReference, in_text, new
from guidance.journeys.rights_words import kind_of

SAID = {
    "erase": """
        delete my data
        delete my details please
        please remove all my details
        can you delete everything you have on me
        erase my information
        forget me
        i want to be forgotten
        unregister me
        take my name off your list
        take me off your list
        remove me from your system
        remove my email from your database
        cancel my registration
        cancel my interest please
        please cancel my expression of interest
        i'd like to be removed
        wipe my details
        i dont want you to have my details
        i don't want you to keep my data
        please get rid of my info
        delete this conversation
        can you delete this chat
        please delete the chat history
        delete what i told you
        remove my registration
        I want my details deleted
        can my data be erased
        pls delete my record
        destroy any information you hold about me
        scrub my data
        please dont keep my details
        take my details off your system
        i want out of your database
        get me off your list
        right to erasure request
        i am exercising my right to be forgotten
        clear my personal data
        please delete the information i gave you
        could you remove my phone number
        remove my name from your records
        delete my sign up
        I no longer want you to hold my data
        get rid of everything you know about me
        delete all the data i gave you
        would you please erase what you have stored about me
        remove me from your mailing list and delete my data
        delete my account data
        i want everything about me deleted
        my details should be deleted
        bin my details
        remove my expression of interest
    """,
    "access": """
        what data do you hold on me
        what do you hold about me
        what information do you have about me
        send me a copy of my data
        can i see my data
        i want to see what you have on me
        what do you know about me
        show me my personal information
        subject access request
        i want to make a SAR
        dsar
        can i get a copy of my personal data
        give me access to my records
        what have you got on me
        which details of mine are stored about me
        download my data
        i'd like to request my data
        can you tell me what info you keep about me
        what personal details are held about me
        everything you hold on me please
        provide me with all the data you have about me
        please send me all information you hold about me
        i would like to view my data
        what have you stored about me
        do you have any data about me
        could you export my data
        let me see my record
        i want to access my personal information
        what records have you got about me
        what did you save about me
    """,
    "withdraw": """
        stop emailing me
        unsubscribe
        please unsubscribe me
        unsubscribe me from everything
        stop contacting me
        stop sending me emails
        no more emails please
        i don't want any more emails
        dont email me
        do not contact me again
        take me off the mailing list
        i withdraw my consent
        i want to withdraw consent
        withdraw my permission for marketing
        opt out
        opt me out
        i'd like to opt out of marketing
        stop the newsletters
        stop texting me
        stop ringing me
        please stop calling me
        never contact me again
        i no longer consent to news
        changed my mind about the marketing emails
        revoke my consent
        i no longer want to hear from you
        remove me from marketing emails
        quit emailing me
        don't send me news
        stop with the marketing
        please don't call me anymore
        no more marketing
        cancel my consent
        can you stop emailing me
        i dont want to get emails from you
        please end the emails
        stop spamming me
        i do not want to be contacted
        dont want your newsletter any more
    """,
    "correct": """
        correct my details
        my email you have is wrong
        please update my details
        i have changed my email
        change my phone number please
        update my email address
        my details are wrong
        my name on your system is misspelt
        i want to rectify my data
        can you amend my details
        fix my name on your records
        i've moved school
        my details are out of date
        can you update my personal information
        edit my details
    """,
    "restrict": """
        restrict the use of my data
        i want to restrict processing of my data
        right to restriction
    """,
    "object": """
        i object to you using my data
        dont share my details
        do not sell my data
        i object to processing
        stop using my data
        don't pass my details on
        please don't share my email
    """,
}
NOT_SAID = """
    change my name after marriage on the registration
    can you update my surname on the npq form, i got married
    how do i withdraw from my npq
    can i withdraw my registration
    could i withdraw my registration before it starts
    undo my registration with dfe
    can i change my provider
    i want to change my course
    what data do i need to apply
    do i get a copy of my certificate
    can i see my application
    how do i update my details on my npq account
    what do you know about npqh
    tell me what you have on funding
    when will they contact me
    please contact me about npqsl
    send me details of the course
    do you have any information on npqsenco
    show me the courses
    no more questions
    i dont want to lead a school
    can i stop halfway through the npq
    is my school on the list
    remove npqh and add npqsl
    what happens to my data
    how long do you keep my details
    is the course sent by email
    ucl never contacted me
    they never emailed me back
    never emailed by the hub, what now
    i never hear from them
    i dont want anything with loads of writing
    i dont want to end up writing reports
    starting at the end of term, news soon i hope
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, text in SAID.items() for said in _lines(text)])
def test_a_request_is_recognised_whatever_its_words(kind: str, said: str) -> None:
    assert kind_of(said) == kind


@pytest.mark.parametrize("said", _lines(NOT_SAID))
def test_other_questions_are_no_request(said: str) -> None:
    assert kind_of(said) is None


@pytest.mark.parametrize("written", ["{}", "my ref is {}.", "it was {} i think", "({})"])
def test_a_reference_is_found_in_a_sentence_in_any_case_and_spacing(written: str) -> None:
    given = new()
    for form in (given, given.lower(), given.replace("-", " "), given.replace("-", "")):
        assert in_text(written.format(form)) == given


def test_a_reference_with_a_slip_is_not_taken_for_another() -> None:
    given = new()
    slipped = given[:-1] + ("C" if given[-1] != "C" else "D")
    with pytest.raises(NotAReference):
        in_text(slipped)


@pytest.mark.parametrize("said", ["NPQ senior leadership", "npq for head teachers", "NPQ 2027", "the npq in 18 months"])
def test_words_after_npq_are_no_reference(said: str) -> None:
    assert in_text(said) is None
