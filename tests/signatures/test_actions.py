"""Signing from the desk's request to a file that anybody verifies, and everything that stops it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pypdfium2
import pytest
from PIL import ImageChops

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive, GrantsChange
from server.core.access import Grant, Role
from server.core.errors import DomainError
from server.core.journal import OpKey
from server.documents import actions as documents
from server.documents.wire import PaperRecall
from server.meetings import actions as meetings
from server.meetings.wire import ItemEdit, MeetingCancel, MeetingEdit
from server.signatures import actions, store
from server.signatures.actions import keys, telling, trust
from server.signatures.wire import Sign, SigningAsk, SigningRequest, SigningReturn
from tests.signatures.conftest import ADMINISTRATOR, PASSWORD, Stage, enrol, name_of
from tests.support.house import resending, states
from tests.support.parts import missing
from tests.support.pdfs import pdf
from tests.support.sitting import Watch, add_item

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.documents.wire import Paper


async def ask(core: Core, stage: Stage, official: Actor, paper: str = "") -> SigningRequest:
    command = SigningAsk(official_id=official.person_id)
    return await actions.ask(core, paper or stage.paper.id, command, actor=stage.secretary)


async def sign(core: Core, request: SigningRequest, actor: Actor, password: str = PASSWORD) -> SigningRequest:
    return await actions.sign(core, request.id, Sign(sha256=request.sha256, password=password), actor=actor)


async def paper_of(core: Core, stage: Stage) -> Paper:
    paper = await core.db.read(lambda read: documents.load(read, stage.paper.id))
    assert paper is not None
    return paper


async def bytes_of(core: Core, paper: Paper) -> bytes:
    assert paper.version is not None
    return await core.blobs.read(paper.version.sha256)


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=code)


async def test_the_whole_way(core: Core, stage: Stage, watch: Watch, tmp_path: Path) -> None:
    request = await ask(core, stage, stage.chair)
    assert request.state == "waiting"
    assert {f"d:{stage.meeting.id}", f"u:{stage.chair.person_id}"} == await watch.check()
    assert (await actions.inbox(core, actor=stage.chair)).requests == (request,)

    done = await sign(core, request, stage.chair)
    assert (done.state, done.official_id) == ("signed", stage.chair.person_id)
    moved = await watch.check()
    assert {f"d:{stage.meeting.id}", f"u:{stage.chair.person_id}"} <= moved

    paper = await paper_of(core, stage)
    assert paper.version is not None
    assert (paper.version.id, paper.version.signed, paper.versions) == (done.signed_version_id, True, 2)
    signed = await bytes_of(core, paper)
    assert signed.startswith(await core.blobs.read(request.sha256))
    _others_say_valid(signed, stage.pki.root_pem, tmp_path)
    report = (await actions.check_version(core, paper.version.id, actor=stage.member)).report
    assert (report.verdict, report.integrity, len(report.signatures)) == ("valid", "intact", 1)
    assert report.signatures[0].signer == await name_of(core, stage.chair.person_id)


def _others_say_valid(signed: bytes, root: bytes, folder: Path) -> None:
    file, pem = folder / "signed.pdf", folder / "root.pem"
    file.write_bytes(signed)
    pem.write_bytes(root)
    command = [sys.executable, "-m", "signing.cli", "verify", str(file), "--trust", str(pem)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(told.stdout)["verdict"] == "valid"
    if shutil.which("pdfsig") is None:
        missing("pdfsig")
    told = subprocess.run(["pdfsig", "-nocert", str(file)], check=False, capture_output=True, text=True)
    assert "Signature is Valid." in told.stdout
    assert "Total document signed" in told.stdout


async def test_the_picture_stands_between_post_and_name(core: Core, stage: Stage) -> None:
    await enrol(core, stage.pki, stage.chair.person_id, image=True)
    await sign(core, await ask(core, stage, stage.chair), stage.chair)
    pdf = pypdfium2.PdfDocument(await bytes_of(core, await paper_of(core, stage)))
    pdf.init_forms()
    page = pdf[len(pdf) - 1]
    text, name = page.get_textpage(), await name_of(core, stage.chair.person_id)
    search = text.search(name, match_case=True)
    found = []
    while where := search.get_next():
        boxes = [text.get_charbox(index) for index in range(where[0], where[0] + where[1])]
        found.append((boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes)))
    left, _, right, top = min(found, key=lambda box: box[1])
    red, _, blue = page.render(scale=2, may_draw_forms=True).to_pil().convert("RGB").split()
    ink = ImageChops.subtract(blue, red).point(lambda value: 255 * (value > 60)).getbbox()
    assert ink is not None
    x1, y2, x2, y1 = ink[0] / 2, page.get_height() - ink[1] / 2, ink[2] / 2, page.get_height() - ink[3] / 2
    assert x2 - x1 > 100
    assert top <= y1 < y2 < top + 90
    assert abs((x1 + x2) / 2 - (left + right) / 2) < 30


async def test_one_after_another_on_one_paper(core: Core, stage: Stage, watch: Watch, tmp_path: Path) -> None:
    plain = await documents.publish_bytes(core, stage.item.id, pdf("Biên bản"), "Biên bản", "paper", stage.secretary)
    first = await ask(core, stage, stage.official, plain.id)
    with refused("signatures.waiting"):
        await ask(core, stage, stage.chair, plain.id)
    await sign(core, first, stage.official)
    with refused("signatures.already_signed"):
        await ask(core, stage, stage.official, plain.id)
    second = await sign(core, await ask(core, stage, stage.chair, plain.id), stage.chair)
    await watch.check()
    assert second.signed_version_id is not None
    with refused("signatures.already_signed"):
        await ask(core, stage, stage.official, plain.id)
    report = (await actions.check_version(core, second.signed_version_id, actor=stage.secretary)).report
    assert (report.verdict, [one.field for one in report.signatures]) == ("valid", ["ChuKy1", "ChuKy2"])
    both = await core.db.read(lambda read: documents.load(read, plain.id))
    assert both is not None
    _others_say_valid(await bytes_of(core, both), stage.pki.root_pem, tmp_path)


async def test_what_the_official_signed_is_closed_to_other_signatures(core: Core, stage: Stage) -> None:
    await sign(core, await ask(core, stage, stage.official), stage.official)
    second = await ask(core, stage, stage.chair)
    with refused(r"signing\.pdf_locked"):
        await sign(core, second, stage.chair)


async def test_a_resend_gets_the_first_answer_and_signs_once(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.chair)
    again = resending(stage.chair)
    first = await sign(core, request, again)
    assert await sign(core, request, again) == first
    assert (await paper_of(core, stage)).versions == 2
    other = msgspec.structs.replace(stage.chair, op=OpKey("another", b"hash"))
    with refused("signatures.signed"):
        await sign(core, request, other)


async def test_no_receipt_keeps_a_fast_hash_of_the_password(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.chair)
    first = await sign(core, request, resending(stage.chair, "the-op"))
    same_but_for_password = msgspec.structs.replace(stage.chair, op=OpKey("the-op", b"made of another body"))
    assert await sign(core, request, same_but_for_password, "another password") == first


async def test_other_bytes_are_refused(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.chair)
    with refused("signatures.other_bytes"):
        await actions.sign(core, request.id, Sign(sha256="0" * 64, password=PASSWORD), actor=stage.chair)
    assert (await paper_of(core, stage)).versions == 1


async def test_five_wrong_passwords_and_one_waits(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.chair)
    for _ in range(5):
        with refused("signatures.wrong_password"):
            await sign(core, request, stage.chair, "sai")
    with refused("rate"):
        await sign(core, request, stage.chair)
    assert (await actions.view(core, request.id, actor=stage.chair)).state == "waiting"


async def test_nobody_else_signs_or_sees(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.official)
    for other in (stage.member, stage.stranger, ADMINISTRATOR):
        for act in (
            sign(core, request, other),
            actions.view(core, request.id, actor=other),
            actions.give_back(core, request.id, SigningReturn(remarks="x"), actor=other),
            actions.withdraw(core, request.id, actor=other),
        ):
            with refused("not_found"):
                await act
    assert (await actions.inbox(core, actor=stage.stranger)).requests == ()
    for other in (stage.secretary, stage.chair):
        with refused("denied"):
            await sign(core, request, other)
    with refused("denied"):
        await actions.ask(core, stage.paper.id, SigningAsk(official_id=stage.chair.person_id), actor=stage.member)
    with refused("not_found"):
        await actions.ask(core, stage.paper.id, SigningAsk(official_id=stage.chair.person_id), actor=stage.stranger)


async def test_only_the_chair_and_officials_are_asked(core: Core, stage: Stage) -> None:
    with refused("signatures.not_official"):
        await ask(core, stage, stage.member)


async def test_an_official_reads_exactly_the_version_asked_for(core: Core, stage: Stage) -> None:
    assert stage.paper.version is not None
    version = stage.paper.version.id
    with refused("not_found"):
        await documents.version(core, version, actor=stage.official)
    request = await ask(core, stage, stage.official)
    assert (await documents.version(core, version, actor=stage.official)).sha256 == request.sha256
    with refused("not_found"):
        await documents.version(core, version, actor=stage.stranger)
    with refused("not_found"):
        await documents.of_item(core, stage.paper.item_id, actor=stage.official)
    await actions.give_back(core, request.id, SigningReturn(remarks="Sửa ngày"), actor=stage.official)
    with refused("not_found"):
        await documents.version(core, version, actor=stage.official)


async def test_returned_with_remarks(core: Core, stage: Stage, watch: Watch) -> None:
    request = await ask(core, stage, stage.chair)
    with refused("signatures.no_remarks"):
        await actions.give_back(core, request.id, SigningReturn(remarks=" \n"), actor=stage.chair)
    back = await actions.give_back(core, request.id, SigningReturn(remarks=" Sai ngày họp. "), actor=stage.chair)
    assert (back.state, back.remarks) == ("returned", "Sai ngày họp.")
    await watch.check()
    with refused("signatures.returned"):
        await sign(core, request, stage.chair)
    assert (await ask(core, stage, stage.chair)).state == "waiting"


async def replaced(core: Core, stage: Stage) -> None:
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(595, 842)
    path = core.config.data_dir / "new.pdf"
    pdf.save(path)
    await documents.publish_bytes(
        core, stage.paper.item_id, path.read_bytes(), "", "invitation", stage.secretary, paper_id=stage.paper.id
    )


async def test_a_new_version_or_a_recall_withdraws(core: Core, stage: Stage, watch: Watch) -> None:
    request = await ask(core, stage, stage.chair)
    await replaced(core, stage)
    assert f"u:{stage.chair.person_id}" in await watch.check()
    with refused("signatures.withdrawn"):
        await sign(core, request, stage.chair)
    request = await ask(core, stage, stage.chair)
    await documents.recall(core, stage.paper.id, PaperRecall(), actor=stage.secretary)
    await watch.check()
    with refused("signatures.withdrawn"):
        await sign(core, request, stage.chair)
    with refused("signatures.recalled"):
        await ask(core, stage, stage.chair)


async def test_replaced_while_it_was_being_signed(
    core: Core, stage: Stage, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await ask(core, stage, stage.chair)
    admit = documents.admit

    async def slow(*args: Any, **kwargs: Any) -> Any:
        rendition = await admit(*args, **kwargs)
        monkeypatch.undo()
        await replaced(core, stage)
        return rendition

    monkeypatch.setattr(documents, "admit", slow)
    with refused("signatures.withdrawn"):
        await sign(core, request, stage.chair)
    await watch.check()
    assert (await paper_of(core, stage)).versions == 2
    assert not (await _current(core, stage)).signed


async def _current(core: Core, stage: Stage) -> Any:
    return (await paper_of(core, stage)).version


async def test_a_failure_at_the_last_moment_leaves_nothing_half_done(
    core: Core, stage: Stage, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await ask(core, stage, stage.chair)
    await watch.check()
    tell = telling.tell_dossier_txn

    def fail(*args: Any, **named: Any) -> None:
        tell(*args, **named)  # the last of the transaction, after the version was published
        raise RuntimeError("the power fails")

    monkeypatch.setattr(telling, "tell_dossier_txn", fail)
    again = resending(stage.chair)
    with pytest.raises(RuntimeError):
        await sign(core, request, again)
    monkeypatch.undo()
    assert await watch.check() == set()
    assert (await paper_of(core, stage)).versions == 1
    assert (await actions.view(core, request.id, actor=stage.chair)).state == "waiting"
    assert (await sign(core, request, again)).state == "signed"
    await watch.check()


async def test_withdrawn_by_the_desk(core: Core, stage: Stage, watch: Watch) -> None:
    request = await ask(core, stage, stage.official)
    assert (await actions.withdraw(core, request.id, actor=stage.secretary)).state == "withdrawn"
    await watch.check()
    with refused("signatures.withdrawn"):
        await sign(core, request, stage.official)


async def test_nothing_of_a_cancelled_meeting_waits(core: Core, stage: Stage, watch: Watch) -> None:
    request = await ask(core, stage, stage.official)
    await meetings.cancel(core, stage.meeting.id, MeetingCancel(reason="Hoãn"), actor=stage.secretary)
    await watch.check()
    assert (await actions.view(core, request.id, actor=stage.official)).state == "withdrawn"
    with refused("documents.meeting_cancelled"):
        await ask(core, stage, stage.official)


async def test_who_is_an_official_no_more_is_asked_no_more(core: Core, stage: Stage, watch: Watch) -> None:
    request = await ask(core, stage, stage.official)
    given = AccountGive(user="quan.tri", grants=(Grant(Role.ADMINISTRATOR),))
    await accounts.give(core, stage.stranger.person_id, given, actor=ADMINISTRATOR, origin="https://phien.example")
    await accounts.change_grants(core, stage.official.person_id, GrantsChange(grants=()), actor=ADMINISTRATOR)
    await watch.check()
    assert (await actions.view(core, request.id, actor=stage.secretary)).state == "withdrawn"


async def test_who_chairs_no_more_signs_no_more(core: Core, stage: Stage, watch: Watch) -> None:
    request = await ask(core, stage, stage.chair)
    change = MeetingEdit(chair_id=stage.member.person_id)
    await meetings.edit(core, stage.meeting.id, change, actor=stage.secretary)
    await watch.check()
    assert (await actions.view(core, request.id, actor=stage.secretary)).state == "withdrawn"


async def test_of_a_closed_item_the_desks_stream_holds_nothing(core: Core, stage: Stage, watch: Watch) -> None:
    closed = await add_item(
        core, stage.meeting, "Công tác nhân sự", secretary=stage.secretary, restricted=True,
        invitees=(stage.member.person_id,),
    )  # fmt: skip
    pdf = await core.blobs.read(stage.paper.version.sha256 if stage.paper.version else "")
    paper = await documents.publish_bytes(core, closed.id, pdf, "Tờ trình mật danh", "paper", stage.secretary)
    request = await ask(core, stage, stage.official, paper.id)
    moved = await watch.check()
    assert (f"u:{stage.official.person_id}" in moved, f"d:{stage.meeting.id}") == (True, f"d:{stage.meeting.id}")
    desk = (await states(core, f"d:{stage.meeting.id}"))[f"d:{stage.meeting.id}"]
    assert "mật danh" not in msgspec.json.encode(list(desk.values())).decode()
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=False), actor=stage.secretary)
    await watch.check()
    desk = (await states(core, f"d:{stage.meeting.id}"))[f"d:{stage.meeting.id}"]
    assert desk["signing", request.id] == request
    await meetings.edit_item(core, closed.id, ItemEdit(restricted=True), actor=stage.secretary)
    await watch.check()
    await sign(core, request, stage.official)
    await watch.check()
    desk = (await states(core, f"d:{stage.meeting.id}"))[f"d:{stage.meeting.id}"]
    assert ("signing", request.id) not in desk


async def test_the_register_is_compared_with_the_file(core: Core, stage: Stage) -> None:
    done = await sign(core, await ask(core, stage, stage.chair), stage.chair)
    version = done.signed_version_id
    assert version is not None

    def forget(tx: Any) -> None:
        store.enter_txn(tx, version, store.Signed((stage.chair.person_id,), ("ChuKy", "ConDau")))

    await core.db.write(forget)
    report = (await actions.check_version(core, version, actor=stage.chair)).report
    assert (report.verdict, report.reasons) == ("invalid", ("missing_field",))


async def test_any_file_is_checked_and_nothing_kept(core: Core, stage: Stage) -> None:
    await sign(core, await ask(core, stage, stage.chair), stage.chair)
    signed = await bytes_of(core, await paper_of(core, stage))

    async def pieces(data: bytes) -> Any:
        yield data[:1000]
        yield data[1000:]

    report = await actions.check_upload(core, pieces(signed), actor=stage.stranger)
    assert report.verdict == "valid"
    broken = bytearray(signed)
    broken[300] ^= 1
    assert (await actions.check_upload(core, pieces(bytes(broken)), actor=stage.stranger)).verdict == "invalid"
    assert (await actions.check_upload(core, pieces(b"no pdf"), actor=stage.stranger)).reasons == ("not_a_pdf",)
    assert list(documents.folder_of(core.config).iterdir()) == []
    (trust.folder(core.config) / "demo.pem").unlink()
    report = await actions.check_upload(core, pieces(signed), actor=stage.stranger)
    assert report.verdict == "indeterminate"


async def test_keys_in_files_are_for_demo_and_trials_only(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.chair)
    (core.config.data_dir / ".phien-demo").unlink()
    with refused("signatures.file_keys_refused"):
        await enrol(core, stage.pki, stage.member.person_id)
    with refused("signatures.file_keys_refused"):
        await sign(core, request, stage.chair)


async def test_keys_lie_outside_the_backup_and_are_read_by_nobody_else(core: Core, stage: Stage) -> None:
    files = list(keys.folder(core.config).iterdir())
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert not any([await core.blobs.exists(sha) for sha in {_sha(file) for file in files}])
    await enrol(core, stage.pki, stage.chair.person_id)
    assert len(list(keys.folder(core.config).iterdir())) == 2  # the one before is gone


def _sha(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


async def test_what_is_no_key_of_this_person_is_refused(core: Core, stage: Stage) -> None:
    member, before = stage.member.person_id, sorted(keys.folder(core.config).iterdir())
    name = await name_of(core, member)

    async def give(p12: bytes, password: str = PASSWORD, image: bytes | None = None, by: Any = ADMINISTRATOR) -> Any:
        return await actions.enrol_pkcs12(core, member, p12, password, image, actor=by)

    good = stage.pki.person(name).pkcs12(PASSWORD)
    with refused("signatures.other_name"):
        await give(stage.pki.person("Ai Khác").pkcs12(PASSWORD))
    with refused("signing.p12_unreadable"):
        await give(good, "sai")
    with refused("signing.image_invalid"):
        await give(good, image=b"no picture")
    for other in (stage.member, stage.secretary):
        with refused("denied|not_found"):
            await give(good, by=other)
    assert sorted(keys.folder(core.config).iterdir()) == before
    given = await give(good)
    assert (given.holder, given.image) == (name, False)


async def test_an_expired_certificate_signs_nothing(core: Core, stage: Stage) -> None:
    name = await name_of(core, stage.chair.person_id)
    old = stage.pki.person(name, start=datetime.now(UTC) - timedelta(days=20), days=10)
    await actions.enrol_pkcs12(core, stage.chair.person_id, old.pkcs12(PASSWORD), PASSWORD, None, actor=ADMINISTRATOR)
    request = await ask(core, stage, stage.chair)
    with refused("signing.certificate_expired"):
        await sign(core, request, stage.chair)


async def test_who_has_no_key_is_told(core: Core, stage: Stage) -> None:
    change = MeetingEdit(chair_id=stage.member.person_id)
    await meetings.edit(core, stage.meeting.id, change, actor=stage.secretary)
    request = await ask(core, stage, stage.member)
    with refused("signatures.no_key"):
        await sign(core, request, stage.member)


async def test_a_page_of_the_snapshot_begins_after_the_last(core: Core, stage: Stage) -> None:
    request = await ask(core, stage, stage.chair)
    for stream in (f"u:{stage.chair.person_id}", f"d:{stage.meeting.id}"):
        fresh = (await states(core, stream))[stream]
        assert fresh["signing", request.id] == request
    after = ("signing", request.id)
    assert (
        await core.db.read(lambda read: list(actions.official_entities(read, f"u:{stage.chair.person_id}", after)))
        == []
    )
