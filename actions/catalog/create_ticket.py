"""Create HubSpot ticket: a support case with who, what was tried and a summary."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from actions.base import (
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
from actions.fields import choice, pick, switch, template
from actions.ports import Context
from actions.registry import register

NOT_GIVEN = "not given"
SUMMARY_SECONDS = 2.0


class TriedStep(ToolArguments):
    """One troubleshooting step and what came of it."""

    step: str = Field(max_length=300, description="What was tried")
    result: str = Field(max_length=300, description="What came of it")


@register
class CreateTicket(ActionType):
    """Logs a support case; on a call it leaves together with the transfer, or not at all."""

    slug, label = "create_ticket", "Create HubSpot ticket"
    group, icon = "Automation and integrations", "ticket"
    about = "Create a support ticket with a summary and the steps that were tried."
    tool_help = "Create a support ticket. Null for what the contact did not give."
    when_hint = "the contact needs technical help"
    moments = frozenset({Moment.DURING, Moment.BEFORE_HANDOFF, Moment.IDLE})
    default_moment = Moment.BEFORE_HANDOFF
    default_repeat = Repeat.ONCE
    with_handoff = True
    asks = True
    needs = (Need("hubspot", "a HubSpot connection"),)
    promises = {
        "en": (
            "i've created a ticket",
            "i have created a ticket",
            "i'll create a ticket",
            "i am creating a ticket",
            "i'm creating a ticket",
            "i've opened a ticket",
        )
    }

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
        ask: bool = switch(
            "Ask who it is", True, help="Name and account number, else the address, once each"
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
        found = template_findings(config.subject, ("subject",), set())
        for name in ("pipeline", "status"):
            if not getattr(config, name):
                found.append(Finding("error", f"Choose a {name}.", (name,)))
        return found

    def practise(self, config: Any, names: Names, heard: Heard) -> dict[str, Any]:
        """What the contact's properties say is used when it runs."""
        return {"customer_name": None, "account_number": None, "address": None, "steps": []}

    def event_arguments(self, config: Any, names: Names, event: Event) -> dict[str, Any]:
        """As in practice mode."""
        return {"customer_name": None, "account_number": None, "address": None, "steps": []}

    def execute(self, ctx: Context, config: Any, args: Any) -> Outcome:
        """Put the ticket together; its summary has two seconds."""
        name = args.customer_name or ctx.facts.contact.name or NOT_GIVEN
        account = args.account_number or ctx.contact.value("account_number")
        address = args.address or ctx.contact.value("address")
        customer = {"name": name, "account_number": account or NOT_GIVEN}
        if not account:
            customer["address"] = address or NOT_GIVEN
        subject = ctx.fill(config.subject)
        ctx.crm.create_ticket(
            subject,
            {
                "pipeline": config.pipeline,
                "pipeline_label": ctx.names.label(config.pipeline),
                "status": config.status,
                "status_label": ctx.names.label(config.status),
                "priority": config.priority,
                "customer": customer,
                "summary": self._summary(ctx),
                "steps": [{"step": s.step, "result": s.result} for s in args.steps],
            },
        )
        line = f"Ticket “{subject}” for {name}"
        return Outcome(line, to_model=f"{line} created.", facts={"customer": customer})

    def _summary(self, ctx: Context) -> str:
        """Call analysis, else the note's prompt; without a model the last turns as they were."""
        transcript = ctx.conversation.transcript()
        prompt = PROMPT if ctx.directory.analysis_on() else ctx.directory.note_prompt() or PROMPT
        written = ctx.writing.summarise(
            prompt, transcript=transcript, language="en", seconds=SUMMARY_SECONDS
        )
        return written or ctx.conversation.transcript(LAST_LINES)

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
            "who refuses is not given",
            {"pipeline": "hubspot_pipeline:1", "status": "hubspot_status:1"},
            {"customer_name": None, "account_number": None, "address": None, "steps": []},
            effects=("Ticket “Call from a customer” to HubSpot",),
            line="Ticket “Call from a customer” for not given",
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
