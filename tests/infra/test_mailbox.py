"""Letters as they were sent, whichever generation of SES they were handed to."""

import json
from email.message import EmailMessage
from typing import Any

import boto3

from infra.local.mailbox import Mailbox
from tests.simulated_aws import LocalAws

BODY: Any = {"Text": {"Data": "Hallo äöü"}, "Html": {"Data": "<b>Hallo</b>"}}
LETTER = {"to": "alice@example.org", "from": "noreply@example.org", "subject": "Grüße", "text": "Hallo äöü"}


def test_a_letter_keeps_both_its_bodies(aws: LocalAws) -> None:
    boto3.client("sesv2").send_email(
        FromEmailAddress=LETTER["from"],
        Destination={"ToAddresses": [LETTER["to"]]},
        Content={"Simple": {"Subject": {"Data": LETTER["subject"]}, "Body": BODY}},
    )

    (letter,) = json.loads(aws.letters.as_json())
    assert letter.pop("at").endswith("Z")
    assert letter == LETTER | {"html": "<b>Hallo</b>"}


def test_the_older_interface_is_heard_too(aws: LocalAws) -> None:
    boto3.client("ses").send_email(
        Source=LETTER["from"],
        Destination={"ToAddresses": [LETTER["to"]]},
        Message={"Subject": {"Data": LETTER["subject"]}, "Body": {"Text": BODY["Text"]}},
    )

    (letter,) = aws.letters.letters()
    assert {key: letter[key] for key in (*LETTER, "html")} == LETTER | {"html": ""}


def test_a_raw_letter_is_taken_apart(aws: LocalAws) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = LETTER["from"], LETTER["to"], LETTER["subject"]
    message.set_content("Hallo äöü\n")
    message.add_alternative("<b>Hallo</b>\n", subtype="html")

    boto3.client("sesv2").send_email(Content={"Raw": {"Data": bytes(message)}})

    (letter,) = aws.letters.letters()
    assert (letter["to"], letter["subject"], letter["text"].strip()) == (LETTER["to"], "Grüße", "Hallo äöü")


def test_the_page_shows_letters_as_text_and_newest_first() -> None:
    mailbox = Mailbox()
    for subject in ("older", "<script>second</script>"):
        mailbox.keep(LETTER | {"subject": subject, "html": '<p title="x">&</p>'})

    page = mailbox.as_html()

    assert "<script>" not in page
    assert page.index("&lt;script&gt;second") < page.index("older")
    assert 'srcdoc="&lt;p title=&quot;x&quot;&gt;&amp;&lt;/p&gt;"' in page


def test_an_address_in_a_letter_is_a_link() -> None:
    mailbox = Mailbox()
    mailbox.keep(LETTER | {"html": "", "text": 'Open <http://a.example/?b=1&c="2"> now.'})

    assert '&lt;<a href="http://a.example/?b=1&amp;c=">http://a.example/?b=1&amp;c=</a>&quot;2' in mailbox.as_html()
