"""Notify: tell each person and authority the truth, and prove it. Assessment to notices, sendings, receipts."""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amanat.notify.advice import Todo as Todo
    from amanat.notify.advice import named_hosts as named_hosts
    from amanat.notify.advice import steps_for as steps_for
    from amanat.notify.approve import Authored as Authored
    from amanat.notify.approve import NotApproved as NotApproved
    from amanat.notify.approve import approve as approve
    from amanat.notify.approve import author as author
    from amanat.notify.approve import check_approval as check_approval
    from amanat.notify.approve import new_key as new_key
    from amanat.notify.approve import public_key_of as public_key_of
    from amanat.notify.approve import read_approval as read_approval
    from amanat.notify.approve import read_key as read_key
    from amanat.notify.approve import read_signed as read_signed
    from amanat.notify.approve import write_approval as write_approval
    from amanat.notify.as_text import as_text as as_text
    from amanat.notify.audience import Audience as Audience
    from amanat.notify.audience import audiences as audiences
    from amanat.notify.audience import incidents as incidents
    from amanat.notify.bounces import BOUNCE_SIZE_MAX as BOUNCE_SIZE_MAX
    from amanat.notify.bounces import bounce_domains as bounce_domains
    from amanat.notify.bounces import read_bounce as read_bounce
    from amanat.notify.brake import Brake as Brake
    from amanat.notify.channel import Channel as Channel
    from amanat.notify.channel import Message as Message
    from amanat.notify.channel import Opening as Opening
    from amanat.notify.channel import Outcome as Outcome
    from amanat.notify.channel import Refused as Refused
    from amanat.notify.channel import TryLater as TryLater
    from amanat.notify.channel import UnknownChannel as UnknownChannel
    from amanat.notify.channel import open_channel as open_channel
    from amanat.notify.channel import without_addresses as without_addresses
    from amanat.notify.closing import closing_letters as closing_letters
    from amanat.notify.compose import compose as compose
    from amanat.notify.content_credentials import Credentials as Credentials
    from amanat.notify.content_credentials import credentials_of as credentials_of
    from amanat.notify.content_credentials import read_credentials as read_credentials
    from amanat.notify.deliver import at_once as at_once
    from amanat.notify.deliver import deliver as deliver
    from amanat.notify.deliver import letters_of as letters_of
    from amanat.notify.deliver import texts_of as texts_of
    from amanat.notify.deliver import work as work
    from amanat.notify.dry_run import DryRun as DryRun
    from amanat.notify.dry_run import Tally as Tally
    from amanat.notify.dry_run import dry_run as dry_run
    from amanat.notify.edits import CannotEdit as CannotEdit
    from amanat.notify.edits import Edit as Edit
    from amanat.notify.edits import checked_edit as checked_edit
    from amanat.notify.edits import joined_edits as joined_edits
    from amanat.notify.edits import one_press as one_press
    from amanat.notify.edits import tidied as tidied
    from amanat.notify.edits import with_edits as with_edits
    from amanat.notify.feed import atom as atom
    from amanat.notify.feed import json_feed as json_feed
    from amanat.notify.form import Form as Form
    from amanat.notify.form import NoSuchForm as NoSuchForm
    from amanat.notify.form import NoSuchPhase as NoSuchPhase
    from amanat.notify.form import all_forms as all_forms
    from amanat.notify.form import form_named as form_named
    from amanat.notify.form_case import FormCase as FormCase
    from amanat.notify.form_case import Told as Told
    from amanat.notify.form_case import Totals as Totals
    from amanat.notify.form_document import Document as Document
    from amanat.notify.form_document import document_as_json as document_as_json
    from amanat.notify.form_document import document_from_json as document_from_json
    from amanat.notify.form_fill import BadEntry as BadEntry
    from amanat.notify.form_fill import Entry as Entry
    from amanat.notify.form_fill import checked_entry as checked_entry
    from amanat.notify.form_fill import fill_form as fill_form
    from amanat.notify.form_pdf import form_pdf as form_pdf
    from amanat.notify.form_show import form_parts as form_parts
    from amanat.notify.form_show import form_shown as form_shown
    from amanat.notify.gate import check_notice as check_notice
    from amanat.notify.gate import check_text as check_text
    from amanat.notify.gateway import webhook_secret as webhook_secret
    from amanat.notify.household import Homes as Homes
    from amanat.notify.household import shared_envelopes as shared_envelopes
    from amanat.notify.imap_box import imap_box as imap_box
    from amanat.notify.imap_box import is_imap as is_imap
    from amanat.notify.imap_box import waiting_mails as waiting_mails
    from amanat.notify.ledger import MAY_BECOME as MAY_BECOME
    from amanat.notify.ledger import Ledger as Ledger
    from amanat.notify.ledger import Noted as Noted
    from amanat.notify.ledger import Retry as Retry
    from amanat.notify.ledger import Sending as Sending
    from amanat.notify.line import OTHERS as OTHERS
    from amanat.notify.line import dues_by_notice as dues_by_notice
    from amanat.notify.line import is_served_first as is_served_first
    from amanat.notify.line import place_of as place_of
    from amanat.notify.line import places as places
    from amanat.notify.line import served_first as served_first
    from amanat.notify.originals import Original as Original
    from amanat.notify.originals import check_original as check_original
    from amanat.notify.originals import original_of as original_of
    from amanat.notify.originals import signed_originals as signed_originals
    from amanat.notify.originals import words_of as words_of
    from amanat.notify.outlet import Artefact as Artefact
    from amanat.notify.outlet import Draft as Draft
    from amanat.notify.outlet import NoStatement as NoStatement
    from amanat.notify.outlet import OutletType as OutletType
    from amanat.notify.outlet import Picture as Picture
    from amanat.notify.outlet import is_carried_on as is_carried_on
    from amanat.notify.outlet import notices_for as notices_for
    from amanat.notify.outlet import outlet_named as outlet_named
    from amanat.notify.outlet import outlets as outlets
    from amanat.notify.outside import Case as Case
    from amanat.notify.overrule import CannotOverrule as CannotOverrule
    from amanat.notify.overrule import carried_over as carried_over
    from amanat.notify.overrule import overrule as overrule
    from amanat.notify.own_text import own_text as own_text
    from amanat.notify.person_proof import OPENING_BYTES as OPENING_BYTES
    from amanat.notify.person_proof import PROOF_SIZE_MAX as PROOF_SIZE_MAX
    from amanat.notify.person_proof import ProofVerdict as ProofVerdict
    from amanat.notify.person_proof import hash_of_hashes as hash_of_hashes
    from amanat.notify.person_proof import make_person_proof as make_person_proof
    from amanat.notify.person_proof import named_or_hashed as named_or_hashed
    from amanat.notify.person_proof import receipt_leaf as receipt_leaf
    from amanat.notify.person_proof import verify_person_proof as verify_person_proof
    from amanat.notify.pictures import PICTURE_MAX as PICTURE_MAX
    from amanat.notify.pictures import PICTURE_TYPES as PICTURE_TYPES
    from amanat.notify.pictures import Looked as Looked
    from amanat.notify.pictures import NotSigned as NotSigned
    from amanat.notify.pictures import house_certificate as house_certificate
    from amanat.notify.pictures import kind_of as kind_of
    from amanat.notify.pictures import look_into as look_into
    from amanat.notify.pictures import sign_picture as sign_picture
    from amanat.notify.plan import Plan as Plan
    from amanat.notify.plan import dues_of as dues_of
    from amanat.notify.plan import notices_hash as notices_hash
    from amanat.notify.plan import plan as plan
    from amanat.notify.plan import read_plan as read_plan
    from amanat.notify.plan import recipients_hash as recipients_hash
    from amanat.notify.plan import write_plan as write_plan
    from amanat.notify.portal_request import is_signed_request as is_signed_request
    from amanat.notify.previews import Preview as Preview
    from amanat.notify.previews import previews as previews
    from amanat.notify.proof_pack import seal_name as seal_name
    from amanat.notify.proof_pack import signed_manifest as signed_manifest
    from amanat.notify.proof_pack import verify_pack as verify_pack
    from amanat.notify.publish import Source as Source
    from amanat.notify.publish import chosen as chosen
    from amanat.notify.publish import code_on as code_on
    from amanat.notify.publish import make_drafts as make_drafts
    from amanat.notify.publish import pictures_in as pictures_in
    from amanat.notify.publish import release_key as release_key
    from amanat.notify.publish import statement_hash as statement_hash
    from amanat.notify.quota import LONGEST as LONGEST
    from amanat.notify.quota import Limits as Limits
    from amanat.notify.quota import limits_of as limits_of
    from amanat.notify.quota import minute_of as minute_of
    from amanat.notify.quota import room as room
    from amanat.notify.reach import Reach as Reach
    from amanat.notify.reach import proof as proof
    from amanat.notify.reach import reach as reach
    from amanat.notify.releases import outlet_of_code as outlet_of_code
    from amanat.notify.releases import releases_of as releases_of
    from amanat.notify.releases import verify_statement as verify_statement
    from amanat.notify.runs import runs as runs
    from amanat.notify.said import Changed as Changed
    from amanat.notify.said import Said as Said
    from amanat.notify.said import Story as Story
    from amanat.notify.said import said_of as said_of
    from amanat.notify.said import story_of as story_of
    from amanat.notify.same_record import Record as Record
    from amanat.notify.same_record import Records as Records
    from amanat.notify.same_record import as_told as as_told
    from amanat.notify.same_record import surest as surest
    from amanat.notify.same_record import tell_together as tell_together
    from amanat.notify.same_record import told_before as told_before
    from amanat.notify.same_record import told_with as told_with
    from amanat.notify.samples import Sample as Sample
    from amanat.notify.samples import choose_samples as choose_samples
    from amanat.notify.samples import sample_html as sample_html
    from amanat.notify.samples import sample_letter as sample_letter
    from amanat.notify.samples import sample_sms as sample_sms
    from amanat.notify.samples import sample_text as sample_text
    from amanat.notify.select import reader_of as reader_of
    from amanat.notify.sheet import NoOutletWords as NoOutletWords
    from amanat.notify.sheet import Sheet as Sheet
    from amanat.notify.sheet import sheet_of_parts as sheet_of_parts
    from amanat.notify.silence import Silence as Silence
    from amanat.notify.silence import silence as silence
    from amanat.notify.since import base_group as base_group
    from amanat.notify.since import since as since
    from amanat.notify.sns import NotAmazons as NotAmazons
    from amanat.notify.sns import confirmation_url as confirmation_url
    from amanat.notify.sns import proven_by_sns as proven_by_sns
    from amanat.notify.sns import ses_event as ses_event
    from amanat.notify.sns import ses_topic as ses_topic
    from amanat.notify.stale import Touched as Touched
    from amanat.notify.stale import changed_since as changed_since
    from amanat.notify.stale import fingerprints as fingerprints
    from amanat.notify.stale import touched as touched
    from amanat.notify.stamp import STAMPS_MAX as STAMPS_MAX
    from amanat.notify.stamp import Stamp as Stamp
    from amanat.notify.stamp import check_stamp as check_stamp
    from amanat.notify.stamp import stamper as stamper
    from amanat.notify.stamp import stamps_in as stamps_in
    from amanat.notify.status import STYLE_HASH as STYLE_HASH
    from amanat.notify.status import Frame as Frame
    from amanat.notify.status import Link as Link
    from amanat.notify.status import status_pages as status_pages
    from amanat.notify.store import notice_from as notice_from
    from amanat.notify.store import read_notices as read_notices
    from amanat.notify.store import write_notices as write_notices
    from amanat.notify.store import write_sample_letters as write_sample_letters
    from amanat.notify.surge import BadSurge as BadSurge
    from amanat.notify.surge import Service as Service
    from amanat.notify.surge_chart import surge_svg as surge_svg
    from amanat.notify.surge_plan import ASSUMED_PER_HOUR as ASSUMED_PER_HOUR
    from amanat.notify.surge_plan import Load as Load
    from amanat.notify.surge_plan import Outlook as Outlook
    from amanat.notify.surge_plan import Pace as Pace
    from amanat.notify.surge_plan import Sent as Sent
    from amanat.notify.surge_plan import desk_of as desk_of
    from amanat.notify.surge_plan import expected_so_far as expected_so_far
    from amanat.notify.surge_plan import is_at_once as is_at_once
    from amanat.notify.surge_plan import outlook as outlook
    from amanat.notify.surge_plan import paces as paces
    from amanat.notify.surge_plan import patience_hours as patience_hours
    from amanat.notify.surge_plan import read_days as read_days
    from amanat.notify.surge_plan import read_hours as read_hours
    from amanat.notify.surge_plan import zone_named as zone_named
    from amanat.notify.trial import NotLocalTrial as NotLocalTrial
    from amanat.notify.trial import marked as marked
    from amanat.notify.trial import send_trials as send_trials
    from amanat.notify.trial import trial_messages as trial_messages
    from amanat.notify.verify import CAME_BY as CAME_BY
    from amanat.notify.verify import Answer as Answer
    from amanat.notify.verify import code_for as code_for
    from amanat.notify.verify import hash_of_code as hash_of_code
    from amanat.notify.verify import hashes_of_codes as hashes_of_codes
    from amanat.notify.verify import is_ours_on as is_ours_on
    from amanat.notify.verify import read_code as read_code
    from amanat.notify.verify import verify as verify
    from amanat.notify.verify import withdraw as withdraw

# What others may use, by the file it lives in. Imported at first use, so that `import amanat.notify` costs nothing.
_DOOR = {
    "advice": "Todo named_hosts steps_for",
    "approve": "Authored NotApproved approve author check_approval new_key public_key_of read_approval read_key read_signed write_approval",
    "as_text": "as_text",
    "audience": "Audience audiences incidents",
    "bounces": "BOUNCE_SIZE_MAX bounce_domains read_bounce",
    "channel": "Channel Message Opening Outcome Refused TryLater UnknownChannel open_channel without_addresses",
    "closing": "closing_letters",
    "compose": "compose",
    "content_credentials": "Credentials credentials_of read_credentials",
    "brake": "Brake",
    "deliver": "at_once deliver letters_of texts_of work",
    "edits": "CannotEdit Edit checked_edit joined_edits one_press tidied with_edits",
    "feed": "atom json_feed",
    "dry_run": "DryRun Tally dry_run",
    "form": "Form NoSuchForm NoSuchPhase all_forms form_named",
    "form_case": "FormCase Told Totals",
    "form_document": "Document document_as_json document_from_json",
    "form_fill": "BadEntry Entry checked_entry fill_form",
    "form_pdf": "form_pdf",
    "form_show": "form_parts form_shown",
    "gate": "check_notice check_text",
    "gateway": "webhook_secret",
    "household": "Homes shared_envelopes",
    "imap_box": "imap_box is_imap waiting_mails",
    "ledger": "MAY_BECOME Ledger Noted Retry Sending",
    "outlet": "Artefact Draft NoStatement OutletType Picture is_carried_on notices_for outlet_named outlets",
    "outside": "Case",
    "own_text": "own_text",
    "line": "OTHERS dues_by_notice is_served_first place_of places served_first",
    "originals": "Original check_original original_of signed_originals words_of",
    "person_proof": "OPENING_BYTES PROOF_SIZE_MAX ProofVerdict hash_of_hashes make_person_proof named_or_hashed receipt_leaf verify_person_proof",
    "pictures": "PICTURE_MAX PICTURE_TYPES Looked NotSigned house_certificate kind_of look_into sign_picture",
    "plan": "Plan dues_of notices_hash plan read_plan recipients_hash write_plan",
    "portal_request": "is_signed_request",
    "previews": "Preview previews",
    "proof_pack": "seal_name signed_manifest verify_pack",
    "publish": "Source chosen code_on make_drafts pictures_in release_key statement_hash",
    "quota": "LONGEST Limits limits_of minute_of room",
    "reach": "Reach proof reach",
    "releases": "outlet_of_code releases_of verify_statement",
    "said": "Changed Said Story said_of story_of",
    "same_record": "Record Records as_told surest tell_together told_before told_with",
    "runs": "runs",
    "samples": "Sample choose_samples sample_html sample_letter sample_sms sample_text",
    "select": "reader_of",
    "sheet": "NoOutletWords Sheet sheet_of_parts",
    "silence": "Silence silence",
    "since": "base_group since",
    "status": "Frame Link STYLE_HASH status_pages",
    "stamp": "STAMPS_MAX Stamp check_stamp stamper stamps_in",
    "overrule": "CannotOverrule carried_over overrule",
    "sns": "NotAmazons confirmation_url proven_by_sns ses_event ses_topic",
    "stale": "Touched changed_since fingerprints touched",
    "store": "notice_from read_notices write_notices write_sample_letters",
    "surge": "BadSurge Service",
    "surge_chart": "surge_svg",
    "surge_plan": "ASSUMED_PER_HOUR Load Outlook Pace Sent desk_of expected_so_far is_at_once outlook paces patience_hours read_days read_hours "
    "zone_named",
    "trial": "NotLocalTrial marked send_trials trial_messages",
    "verify": "CAME_BY Answer code_for hash_of_code hashes_of_codes is_ours_on read_code verify withdraw",
}
_FILE_OF = {name: file for file, names in _DOOR.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"amanat.notify has no {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"amanat.notify.{_FILE_OF[name]}"), name)  # asked for once
    return found


class _FrontDoor(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Importing the file plan.py would bind the module over the function `plan` of the same name.
        if not (isinstance(value, ModuleType) and name in _FILE_OF):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor
