"""Letters: how they are sent, that each is sent once, and that nobody's text becomes part of headers or HTML."""

from typing import Any

import pytest

from chalicelib.aws import mail
from chalicelib.aws.mail import Letter
from chalicelib.domain.accounts import arrivals
from chalicelib.domain.mail import letters, mailing
from chalicelib.ids import new_flake
from chalicelib.jobs import sweep
from chalicelib.queues import messages, queue
from chalicelib.queues.notifications import Mail
from chalicelib.settings import settings
from chalicelib.store import jobs
from chalicelib.store.accounts import accounts
from chalicelib.store.dynamo.table import update
from chalicelib.store.ephemeral import Ephemeral
from chalicelib.store.jobs import Job
from chalicelib.store.mail import letters as once
from tests.at_once import at_once
from tests.faults import Killed, die

LETTER = Letter("alice@example.org", "Grüße aus 東京", "Hallo\n", "<p>Hallo</p>")


@pytest.fixture
def box(aws):
    """The letters sent so far, newest first."""
    return aws.letters.letters


@pytest.fixture
def ses():
    """Lets a test interfere with each letter on the way to SES."""
    client = mail._client()
    happenings: list[Any] = []

    def happen(**_):
        for each in happenings:
            each()

    def before(do):
        happenings.append(do)
        return happenings

    client.meta.events.register("before-call.sesv2.SendEmail", happen)
    yield before
    client.meta.events.unregister("before-call.sesv2.SendEmail", happen)


def to(person, template=mailing.PASSWORD_RESET, **args):
    return Mail(new_flake(), template, person.id, args)


# The frame.


def test_a_letter_has_sender_subject_text_and_html(box):
    mail.send(LETTER)

    (sent,) = box()
    assert sent.keys() == {"to", "from", "subject", "text", "html", "at"}
    assert (sent["to"], sent["from"]) == ("alice@example.org", "Kenoma <noreply@localhost.localdomain>")
    assert (sent["subject"], sent["text"], sent["html"]) == ("Grüße aus 東京", "Hallo\n", "<p>Hallo</p>")


@pytest.mark.parametrize(("name", "expected"), [
    ("Über uns", "=?utf-8?b?w5xiZXIgdW5z?= <noreply@localhost.localdomain>"),
    ('A "quoted" name, Inc.', '"A \\"quoted\\" name, Inc." <noreply@localhost.localdomain>'),
    ("Evil\r\nBcc: victim@example.org", '"Evil Bcc: victim@example.org" <noreply@localhost.localdomain>'),
])
def test_the_sender_is_one_line_of_ascii(setting, name, expected):
    setting(instance_name=name)

    assert mail.sender() == expected


@pytest.mark.parametrize("between", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00", "\x0b"])
def test_a_subject_is_one_line(box, between):
    mail.send(Letter("a@example.org", f"Welcome{between}Bcc: victim@example.org", "", ""))

    assert box()[0]["subject"] == "Welcome Bcc: victim@example.org"


@pytest.mark.parametrize("address", [
    "", "nobody", "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>",
    "a@b@example.org", "a@example.org\n", "ä@example.org", "x" * 250 + "@example.org",
])
def test_a_letter_goes_to_one_address_or_nowhere(box, address):
    with pytest.raises(mail.Refused):
        mail.send(Letter(address, "s", "t", "h"))

    assert box() == []


def test_whatever_was_typed_is_text_in_the_html(cast, box, drain, setting):
    setting(account_approval_required=True, instance_name="A & <b>B</b>")
    staff = cast.person("staff", is_moderator=True)
    waiting = cast.person("waiting", approval_pending=True)
    update(accounts.Secret.stub(waiting.id, "S"), [accounts.Secret.reason.set("<script>x</script>\n& more")])

    mailing.ask([Mail("1", mailing.TO_BE_APPROVED, staff.id, {"about": waiting.id})])
    drain()

    (sent,) = box()
    assert "<script>" not in sent["html"]
    assert "&lt;script&gt;x&lt;/script&gt;<br>&amp; more" in sent["html"]
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in sent["html"]
    assert "> <script>x</script>\n> & more" in sent["text"]
    assert sent["subject"] == "New account up for review on A & <b>B</b> (@waiting)"


def test_text_and_html_have_the_same_link(alice):
    letter = letters.password_reset("a@example.org", alice.account, "to/ken==")

    url = "http://kenoma.test/api/pleroma/password_reset/to%2Fken%3D%3D"
    assert f"\n{url}\n" in letter.text
    assert f'href="{url}"' in letter.html


# Once.


def test_the_same_letter_asked_for_again_within_a_day_is_not_sent(alice, box, drain):
    message = to(alice)
    for _ in range(2):
        mailing.ask([message])
        drain()

    assert len(box()) == 1


def test_of_twenty_at_once_one_sends_it(alice, box):
    message = to(alice)

    def run(_):
        try:
            return mailing.send(message.id, message.template, message.account_id, {})
        except once.LetterUnderWay:
            return "busy"

    outcomes = at_once(*[lambda n=n: run(n) for n in range(20)])

    assert outcomes.count("sent") == 1
    assert set(outcomes) <= {"sent", "busy", "sent before"}
    assert len(box()) == 1


def test_a_worker_that_dies_before_sending_loses_nothing(alice, box, drain, ses):
    message = to(alice)
    mailing.ask([message])
    deaths = ses(die)
    with pytest.raises(Killed):
        mailing.send(message.id, message.template, message.account_id, {})
    deaths.clear()

    with pytest.raises(once.LetterUnderWay):
        mailing.send(message.id, message.template, message.account_id, {})
    update(Ephemeral.stub(f"s#{message.id}"), [Ephemeral.ttl.set(1)])
    drain()

    assert len(box()) == 1
    assert jobs.find(message.job) is None


def test_what_ses_does_not_take_now_is_tried_again(alice, box, drain, ses):
    def refuse():
        raise ConnectionError

    message = to(alice)
    refusals = ses(refuse)
    mailing.ask([message])
    drain()
    assert jobs.find(message.job) is not None
    refusals.clear()

    queue.send(message)
    drain()

    assert len(box()) == 1


def test_a_letter_that_can_never_be_sent_is_given_up(cast, box, drain, aws):
    dora = cast.person("dora", email="do..ra@example.org")
    update(accounts.Secret.stub(dora.id, "S"), [accounts.Secret.email.set("two@example.org, addresses@example.org")])
    mailing.ask([to(dora)])

    drain()

    assert box() == []
    assert aws.count("jobs") == 0


def test_a_lost_message_is_sent_again_by_the_sweep(alice, box, drain):
    message = to(alice)
    jobs.add([messages.outbox(message)])
    update(Job.stub(message.job), [Job.due.set(0)])

    sweep.sweep()
    drain()

    assert len(box()) == 1


def test_no_message_holds_a_secret(alice, aws):
    alice.post("/auth/password", {"email": "alice@localhost.localdomain"})

    (text,) = aws.messages("outside")
    message = messages.from_text(text)
    assert vars(message).keys() == {"id", "template", "name", "request_id"}
    assert aws.count("ephemeral") == 0


@pytest.mark.parametrize("args", [{"a": 1}, {"a": None}, ["a"], "a", {"a": {"b": "c"}}])
def test_a_message_whose_words_are_none_is_not_understood(args):
    with pytest.raises(messages.Malformed):
        messages.of("mail", {"id": "1", "template": "welcome", "account_id": "x", "args": args})


# On and off.


def test_without_mail_nothing_is_asked_for(alice, box, drain, aws, setting):
    setting(mail=False)
    mailing.ask([to(alice)])
    alice.post("/auth/password", {"nickname": "alice"})

    drain()

    assert box() == []
    assert aws.count("jobs") == 0


def test_what_was_asked_for_is_not_sent_when_mail_is_switched_off(alice, box, drain, setting):
    mailing.ask([to(alice)])
    setting(mail=False)

    drain()

    assert box() == []


def test_nodeinfo_says_whether_letters_are_sent(anonymous, setting):
    def said():
        metadata = anonymous.get("/nodeinfo/2.0.json").json["metadata"]
        return metadata["mailerEnabled"], metadata["invitesEnabled"]

    assert settings.mail is True
    assert said() == (True, False)
    setting(mail=False, invites_enabled=True)
    assert said() == (False, True)


# Welcome.


def test_a_new_account_is_welcomed_by_letter(cast, box, drain, setting):
    setting(welcome_email=True, welcome_email_text="Hello & welcome.\n\nBe kind.")
    dora = cast.person("dora")

    arrivals.follow_up(dora.id, arrivals.WELCOME)
    drain()

    (sent,) = box()
    assert (sent["to"], sent["subject"]) == ("dora@localhost.localdomain", "Welcome to Kenoma")
    assert sent["text"] == "Hello & welcome.\n\nBe kind.\n"
    assert "<p>Hello &amp; welcome.</p>\n<p>Be kind.</p>" in sent["html"]


def test_without_words_of_ones_own_the_welcome_is_a_sentence(cast, box, drain, setting):
    setting(welcome_email=True)
    dora = cast.person("dora")

    arrivals.follow_up(dora.id, arrivals.WELCOME)
    drain()

    assert box()[0]["text"] == "Welcome to Kenoma, dora!\n"
