"""Create HubSpot ticket: a support case with who, what was tried and a summary."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from actions.base import (
    ActionError,
    ActionType,
    Event,
    Example,
    Finding,
    Heard,
    Moment,
    Names,
    Need,
    Outcome,
    Repeat,
    Settings,
    ToolArguments,
)
from actions.catalog.send_sms import template_findings
from actions.catalog.summarize_note import LAST_LINES, PROMPT
from actions.context import Context
from actions.fields import choice, pick, switch, template
from actions.practice.noticing import noticed_in
from actions.registry import register
from actions.sending import ticket
from actions.text import clean, one_line

NOT_GIVEN = "not given"
SUMMARY_SECONDS = 2.0
LANGUAGE = "en"
LONGEST = 8000  # characters of a summary


class TriedStep(ToolArguments):
    """One troubleshooting step and what came of it."""

    step: str = Field(max_length=300, description="What was tried")
    result: str = Field(max_length=300, description="What came of it")


@register
class CreateTicket(ActionType):
    """Logs a support case; on a call it leaves together with the transfer, or not at all."""

    slug, label = "create_ticket", "Create HubSpot ticket"
    group, icon = "Automation and integrations", "ticket"
    rank = 20
    also_called = ("case", "support", "issue", "crm")
    about = "Create a support ticket with a summary and the steps that were tried."
    tool_help = (
        "Create a support ticket. List every troubleshooting step of this conversation with its "
        "result. Null for what the contact did not give."
    )
    when_hint = "the contact needs technical help"
    moments = frozenset({Moment.DURING, Moment.BEFORE_HANDOFF, Moment.IDLE})
    default_moment = Moment.BEFORE_HANDOFF
    default_repeat = Repeat.ONCE
    with_handoff = True
    asks = True
    needs = (Need("hubspot", "a HubSpot connection"),)

    class Config(Settings):
        """Where it goes and what it says."""

        pipeline: str = pick("Pipeline", "hubspot_pipeline")
        status: str = pick("Status", "hubspot_status", depends_on="pipeline")
        priority: Literal["LOW", "MEDIUM", "HIGH", "URGENT"] = choice(
            "Priority",
            "MEDIUM",
            labels={"LOW": "low", "MEDIUM": "medium", "HIGH": "high", "URGENT": "urgent"},
        )
        subject: str = template("Subject", "Call from [FullName|a customer]", max=200)
        account: str = pick("Account number from", "property", default="property:account_number")
        address: str = pick("Or the address from", "property", default="property:address")
        ask: bool = switch(
            "Identify the contact",
            True,
            help="Asks once for the name and the account number, or else the address",
        )
        summary_from: Literal["written", "words"] = choice(
            "Description",
            "written",
            labels={"written": "a written summary", "words": "the last words"},
            help="Written by call analysis if it is on, otherwise like the panel’s note",
        )

    class Arguments(ToolArguments):
        """Who and what."""

        customer_name: str | None = Field(max_length=200, description="The customer's full name")
        account_number: str | None = Field(max_length=100, description="The account number")
        address: str | None = Field(
            max_length=300, description="The address, where no account number was given"
        )
        steps: list[TriedStep] = Field(
            max_length=30, description="Every troubleshooting step, in order; empty if none"
        )

    def moments_for(self, channel_kind: str) -> frozenset[Moment]:
        """On a call a ticket leaves with the hand-off only."""
        return frozenset({Moment.BEFORE_HANDOFF}) if channel_kind == "voice" else self.moments

    def first_moment(self, channel_kind: str) -> Moment:
        """On a call before the hand-off, in text as soon as it is asked for."""
        return Moment.BEFORE_HANDOFF if channel_kind == "voice" else Moment.DURING

    def summary(self, config: Any, names: Names) -> str:
        """Where it goes."""
        return f"ticket in {names.label(config.pipeline)}, {names.label(config.status)}"

    def guidance(self, config: Any, names: Names) -> str:
        """Who it is, before a colleague takes over."""
        if not config.ask:
            return ""
        return (
            "Before you transfer the contact or create a ticket, ask for the name and the account "
            "number; if there is no account number, ask for the address. Ask for each only once; "
            "if it is refused, go on without it."
        )

    def lint(self, config: Any, when: str) -> list[Finding]:
        """Pipeline, status, subject."""
        found = template_findings(config.subject, ("subject",))
        for name in ("pipeline", "status"):
            if not getattr(config, name):
                found.append(Finding("error", f"Choose a {name}.", (name,)))
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """Name and account number found by rule; what is known of the contact serves as well."""
        said = [*heard.before, heard.message]
        account = names.get(config.account, "Account number")
        return {
            "customer_name": _short(
                noticed_in("full_name", "Full name", said, heard.language), 200
            ),
            "account_number": _short(
                noticed_in("account_number", account, said, heard.language), 100
            ),
            "address": None,
            "steps": [],
        }

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """What is known of the contact serves."""
        return {"customer_name": None, "account_number": None, "address": None, "steps": []}

    def foresee(self, ctx: Context, config: Any) -> None:
        """The summary is asked for at the same moment as the ticket's values."""
        if config.summary_from != "words":
            transcript = ctx.transcript()
            ctx.writing.begin(_prompt(ctx), transcript=transcript, language=LANGUAGE)

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Put the ticket together; its summary has two seconds."""
        for what in ("pipeline", "status"):
            if getattr(config, what) not in ctx.names:
                raise ActionError(f"Its {what} was deleted.", to_model="No ticket can be created.")
        customer = _customer(ctx, config, args)
        name = customer["name"]
        given = name != NOT_GIVEN
        subject = one_line(ctx.fill(config.subject, {"FullName": name} if given else None))
        subject = subject or "Support request"
        fields = {
            "pipeline": config.pipeline,
            "pipeline_label": ctx.names.label(config.pipeline),
            "status": config.status,
            "status_label": ctx.names.label(config.status),
            "priority": config.priority,
            "customer": customer,
            "summary": _summary(ctx, config),
            "steps": [
                {"step": one_line(s.step, 300), "result": one_line(s.result, 300)}
                for s in args.steps
            ],
        }
        ctx.emit(ticket(subject, fields))
        line = f"Ticket “{subject}”" + (f" for {name}" if given else ", name not given")
        return Outcome(line, to_model=f"{line} created.", facts={"customer": customer})

    examples = (
        Example(
            "with an account number",
            {"pipeline": "hubspot_pipeline:1", "status": "hubspot_status:1"},
            {
                "customer_name": "Maria Lopez",
                "account_number": "A-7",
                "address": None,
                "steps": [{"step": "reset", "result": "no change"}],
            },
            {"first_name": "Maria", "last_name": "Lopez"},
            effects=("Ticket “Call from Maria Lopez” to HubSpot",),
            line="Ticket “Call from Maria Lopez” for Maria Lopez",
        ),
        Example(
            "the address where there is no account number",
            {"pipeline": "hubspot_pipeline:1", "status": "hubspot_status:1"},
            {"customer_name": "Ana", "account_number": None, "address": "1 Pine St", "steps": []},
            effects=("Ticket “Call from Ana” to HubSpot",),
            line="Ticket “Call from Ana” for Ana",
        ),
        Example(
            "who refuses is not given",
            {"pipeline": "hubspot_pipeline:1", "status": "hubspot_status:1"},
            {"customer_name": None, "account_number": None, "address": None, "steps": []},
            effects=("Ticket “Call from a customer” to HubSpot",),
            line="Ticket “Call from a customer”, name not given",
        ),
        Example(
            "the pipeline was deleted",
            {"pipeline": "hubspot_pipeline:99", "status": "hubspot_status:1"},
            {"customer_name": None, "account_number": None, "address": None, "steps": []},
            error="Its pipeline was deleted",
        ),
        Example(
            "an open dict is refused",
            {"pipeline": "hubspot_pipeline:1", "status": "hubspot_status:1"},
            {
                "customer_name": None,
                "account_number": None,
                "address": None,
                "steps": [{"run": "rm"}],
            },
            error="invalid",
        ),
    )


def _customer(ctx: Context, config: Any, args: Any) -> dict[str, str]:
    """Who it is: the name, and the account number or else the address."""
    account = args.account_number or _value(ctx, config.account)
    customer = {
        "name": one_line(args.customer_name or ctx.facts.contact.name) or NOT_GIVEN,
        "account_number": one_line(account, 100) or NOT_GIVEN,
    }
    if customer["account_number"] == NOT_GIVEN:
        address = args.address or _value(ctx, config.address)
        customer["address"] = one_line(address, 300) or NOT_GIVEN
    return customer


def _value(ctx: Context, ref: str) -> str:
    return ctx.value(ref.partition(":")[2]) if ref else ""


def _summary(ctx: Context, config: Any) -> str:
    """Call analysis, else the note's prompt; without a model the last turns as they were."""
    last = ctx.transcript(LAST_LINES)
    if config.summary_from == "words":
        return clean(last, LONGEST)
    written = ctx.writing.summarise(
        _prompt(ctx),
        transcript=ctx.transcript(),
        language=LANGUAGE,
        seconds=SUMMARY_SECONDS,
    )
    return clean(written or last, LONGEST)


def _prompt(ctx: Context) -> str:
    """Call analysis has its own words, else those of the panel's note count."""
    return PROMPT if ctx.directory.analysis_on() else ctx.directory.note_prompt() or PROMPT


def _short(value: str | None, limit: int) -> str | None:
    return value[:limit] if value else None
