// Drafts that wait for co-applicants (T1).
#include "core/registry/application/drafts.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/application/filing.h"
#include "core/registry/application/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

Refusal DraftRefused(absl::string_view zh, absl::string_view en) {
  return Refuse(rpc::v1::RULE_REFUSES,
                {"draft_no", "T1", std::string(zh), std::string(en), ""});
}

bool HasCosigned(const v1::Draft& draft, absl::string_view party) {
  return std::find(draft.cosigned().begin(), draft.cosigned().end(), party) !=
         draft.cosigned().end();
}

Acting FilingFor(const Case& a_case, absl::string_view principal) {
  return {a_case.command.actor(), principal, v1::ACT_FILE, ""};
}

// Who signs by this command: the actor for itself if it still has to, else
// everybody whose agent it is.
std::vector<std::string> SignersBy(const Case& a_case, const v1::Draft& draft) {
  std::vector<std::string> signers;
  for (const v1::Applicant& applicant : draft.form().applicants()) {
    const std::string& party = applicant.party_number();
    if (applicant.primary() || HasCosigned(draft, party)) continue;
    if (party == a_case.command.actor()) return {party};
    if (MayActFor(a_case.state, FilingFor(a_case, party), a_case.today())) {
      signers.push_back(party);
    }
  }
  std::sort(signers.begin(), signers.end());
  return signers;
}

// Whether the actor is an applicant or the agent of one.
MaybeRefusal CheckPart(const Case& a_case, const v1::Draft& draft,
                       absl::string_view rule) {
  Refusal refusal = NotYours(rule);
  for (const v1::Applicant& one : draft.form().applicants()) {
    auto found =
        CheckActingUnnamed(a_case.state, FilingFor(a_case, one.party_number()),
                           a_case.today(), rule);
    if (!found) return std::nullopt;
    if (found->violations.front().rule() != rule) refusal = *std::move(found);
  }
  return refusal;
}

}  // namespace

std::string FormDigest(const v1::ApplicationForm& form) {
  const std::string bytes = SerializeCanonical(form);
  return std::string(hash::Sha256(hash::AsBytes(bytes)).text());
}

MaybeRefusal CheckDraft(const Case& a_case, const std::string& draft_no,
                        absl::string_view rule) {
  const v1::Draft* draft = FindDraft(a_case.state, draft_no);
  if (draft == nullptr) {
    return NotFound("draft_no",
                    absl::StrCat("没有编号为“", draft_no, "”的草稿"),
                    absl::StrCat("there is no draft `", draft_no, "`"));
  }
  // A stranger learns nothing of its version and state.
  RETURN_IF_REFUSED(CheckPart(a_case, *draft, rule));
  RETURN_IF_REFUSED(CheckVersion(a_case, draft->version()));
  if (!draft->closed()) return std::nullopt;
  if (draft->application_no().empty()) {
    return DraftRefused(
        absl::StrCat("草稿 ", draft_no, " 已放弃，请另立草稿"),
        absl::StrCat("draft ", draft_no, " was discarded; make a new one"));
  }
  return DraftRefused(absl::StrCat("草稿 ", draft_no, " 已提交为申请 ",
                                   draft->application_no()),
                      absl::StrCat("draft ", draft_no, " is application ",
                                   draft->application_no(), " now"));
}

MaybeRefusal CheckCosigned(const v1::Draft& draft) {
  for (const v1::Applicant& applicant : draft.form().applicants()) {
    const std::string& party = applicant.party_number();
    if (applicant.primary() || HasCosigned(draft, party)) continue;
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"draft_no", "B03",
         absl::StrCat("共同申请人 ", party, " 尚未确认，请其确认"),
         absl::StrCat("co-applicant ", party, " has not signed; ask it to"),
         ""});
  }
  return std::nullopt;
}

Decision DecidePrepareApplication(const Case& a_case) {
  const v1::PrepareApplication& body = a_case.command.prepare_application();
  const State& state = a_case.state;
  const v1::Draft* before = nullptr;
  Filing filing{body.form(), std::nullopt};
  if (body.draft_no().empty()) {
    RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  } else {
    RETURN_IF_REFUSED(CheckDraft(a_case, body.draft_no(), "T1"));
    before = FindDraft(state, body.draft_no());
    filing.earlier_deposit_at = KeptDepositTime(before->form(), body.form());
  }
  const std::string& primary = PrimaryOf(body.form());
  RETURN_IF_REFUSED(CheckFiling(a_case, filing));
  RETURN_IF_REFUSED(
      CheckActingFor(state, FilingFor(a_case, primary), a_case.today(), "T1"));
  if (before != nullptr && PrimaryOf(before->form()) != primary) {
    return DraftRefused("草稿的第一申请人不得更换，请另立草稿",
                        "the primary applicant of a draft stays; make a new "
                        "draft");
  }
  if (body.form().applicants_size() < 2) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"applicants", "T1", "只有一个申请人，无须确认，请直接提交",
                   "there is one applicant only; file the form directly", ""});
  }
  const uint64_t serial = state.counters.drafts + 1;
  if (before == nullptr && serial > kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"prepare_application", "NUMBERS", "草稿号已用尽",
                   "no draft number is left", ""});
  }
  Events events(1);
  v1::Draft* draft = events[0].mutable_application_prepared()->mutable_draft();
  draft->set_draft_no(before != nullptr
                          ? before->draft_no()
                          : LetterNumber('D', a_case.today(), serial));
  draft->set_version(before != nullptr ? before->version() + 1 : 1);
  *draft->mutable_form() = body.form();
  draft->set_form_sha256(FormDigest(body.form()));
  draft->set_prepared_at_ms(before != nullptr ? before->prepared_at_ms()
                                              : a_case.decided_at_ms);
  draft->set_updated_at_ms(a_case.decided_at_ms);
  return events;
}

Decision DecideCosignApplication(const Case& a_case) {
  const v1::CosignApplication& body = a_case.command.cosign_application();
  RETURN_IF_REFUSED(CheckDraft(a_case, body.draft_no(), "B03"));
  const v1::Draft& draft = *FindDraft(a_case.state, body.draft_no());
  if (body.form_sha256() != draft.form_sha256()) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"form_sha256", "B03",
                   "确认的申请表与草稿现有的不同，请重新读取后再确认",
                   "this is not the digest of the draft's form; read it again "
                   "and sign that",
                   ""});
  }
  const std::string& actor = a_case.command.actor();
  if (HasCosigned(draft, actor)) {
    return DraftRefused("该共同申请人已确认，无须再次确认",
                        "this co-applicant has signed already");
  }
  const std::vector<std::string> signers = SignersBy(a_case, draft);
  if (signers.empty()) {
    return Refuse(rpc::v1::NOT_ALLOWED,
                  {"actor", "B03", "只有尚未确认的共同申请人或其代理人可以确认",
                   "only a co-applicant that has not signed, or its agent, "
                   "signs the draft",
                   ""});
  }
  Events events;
  for (const std::string& party : signers) {
    v1::ApplicationCosigned* event =
        events.emplace_back().mutable_application_cosigned();
    event->set_draft_no(body.draft_no());
    event->set_party_number(party);
  }
  return events;
}

Decision DecideDiscardDraft(const Case& a_case) {
  const std::string& draft_no = a_case.command.discard_draft().draft_no();
  RETURN_IF_REFUSED(CheckDraft(a_case, draft_no, "T1"));
  Events events(1);
  events[0].mutable_draft_discarded()->set_draft_no(draft_no);
  return events;
}

}  // namespace dataip::registry
