#include "services/registry/reads.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/admission.h"
#include "core/registry/precheck/findings.h"
#include "core/registry/state/context.h"
#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/tables/profile.h"
#include "core/registry/values/civil_date.h"
#include "services/common/error.h"
#include "services/registry/answers.h"
#include "services/registry/disclosed.h"
#include "services/registry/record_likeness.h"

namespace dataip::registryd {
namespace {

using registry::State;

// For cases filed just before, whose samples are being looked at.
constexpr std::chrono::milliseconds kSketchPatience{2'000};

// The text of the deadline that is running.
std::string DeadlineText(const State& state,
                         const v1::Application& application) {
  if (state.calendar == nullptr) return "";
  if (application.state() == v1::CORRECTION_REQUIRED) {
    return registry::ExplainDeadline(application.correction_deadline(),
                                     *state.calendar);
  }
  if (application.state() == v1::PUBLICITY) {
    return registry::ExplainDeadline(application.notice_deadline(),
                                     *state.calendar);
  }
  return "";
}

// Of the profile that new cases of the day are ruled by; null before the
// tables are loaded.
const registry::Profile* ValuesOn(const State& state,
                                  const registry::CivilDate& day) {
  return registry::ValuesOf(state, registry::ProfileOn(state, day));
}

// For a command that is issued at `now_ms`.
int64_t CosignWindowS(const State& state, int64_t now_ms) {
  const registry::Profile* values =
      ValuesOn(state, registry::ShanghaiDate(now_ms));
  if (values == nullptr) return 0;
  return (registry::CosignUntilMs(state, values, now_ms) - now_ms) / 1'000;
}

const registry::Realised* Find(
    const registry::ByName<registry::Realised>& values,
    const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

bool IsTold(const Caller& caller, const State& state,
            const v1::Application& application, const PastStep& past,
            ObjectionPart part) {
  switch (past.audience) {
    case Audience::kAll:
      return true;
    case Audience::kParties:
      return part != ObjectionPart::kNone ||
             SeesApplication(caller, state, application);
    case Audience::kOfficers:
      return SeesAll(caller, state);
  }
  return false;
}

// Officers stay.
void LeaveOutParties(const State& state, v1::HistoryStep& step) {
  const auto is_party = [&](const std::string& actor) {
    return registry::FindParty(state, actor) != nullptr;
  };
  if (is_party(step.actor())) step.clear_actor();
  auto& signers = *step.mutable_signers();
  signers.erase(std::remove_if(signers.begin(), signers.end(), is_party),
                signers.end());
}

// As the caller may know it. Who objects is told to those who see the whole
// objection only, who applies before there is a notice to those who see the
// application.
void AddStep(const Caller& caller, const State& state,
             const v1::Application& application, const PastStep& past,
             v1::GetApplicationResponse& response) {
  const v1::Objection* objection =
      registry::FindObjection(state, past.objection_no);
  const ObjectionPart part = objection == nullptr
                                 ? ObjectionPart::kNone
                                 : SeesObjection(caller, state, *objection);
  if (!IsTold(caller, state, application, past, part)) return;
  v1::HistoryStep& step = *response.add_history();
  step = past.step;
  const bool nameless =
      !IsNoticed(application) && !SeesApplication(caller, state, application);
  const bool strange = objection != nullptr && part != ObjectionPart::kWhole;
  if (nameless || strange) LeaveOutParties(state, step);
}

}  // namespace

absl::Status NoSuch(const char* what_en, const char* what_zh,
                    const std::string& name) {
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat("there is no ", what_en, " ", name,
                    "; check the number, or find it with the command `list`"),
       absl::StrCat("没有", what_zh, " ", name,
                    "，请核对编号，或用 list 命令查找")});
}

absl::Status NotForThisReader(services::ErrorText text) {
  return services::MakeStatus(rpc::v1::NOT_FOR_THIS_READER, std::move(text));
}

v1::ReadPosition Reads::PositionAt(uint64_t last_index) const {
  const SeenCheckpoint newest = parts_.receipts.NewestAt(last_index);
  v1::ReadPosition position;
  position.set_index(last_index);
  position.set_seal_time_ms(newest.seal_time_ms);
  position.set_checkpoint_size(newest.size);
  return position;
}

absl::StatusOr<v1::GetRegistryResponse> Reads::Get(
    const Caller&, const v1::GetRegistryRequest&) const {
  v1::GetRegistryResponse response;
  response.set_origin(parts_.origin);
  parts_.acknowledged.WithIndex([&](const State& state, uint64_t last_index) {
    v1::Command any;
    any.mutable_close_overdue_correction();
    const int64_t now = registry::DecisionTimeMs(state, any, parts_.now_ms());
    *response.mutable_now() = registry::FromUnixMs(now);
    *response.mutable_position() = PositionAt(last_index);
    response.set_opened(state.opened);
    if (!state.opened) return;
    *response.mutable_registry() = state.registry;
    *response.mutable_tables() = registry::ContextOf(state, {}, now).tables();
    response.set_cosign_window_s(CosignWindowS(state, now));
  });
  for (const std::string& pem : parts_.issuing_pem) {
    response.add_issuing_certificates(pem);
  }
  return response;
}

absl::StatusOr<v1::GetPartyResponse> Reads::Get(
    const Caller&, const v1::GetPartyRequest& request) const {
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetPartyResponse> {
        const v1::Party* party =
            registry::FindPartyByAny(state, request.party());
        if (party == nullptr) return NoSuch("party", "主体", request.party());
        v1::GetPartyResponse response;
        *response.mutable_party() = *party;
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

// Asked before the answer is made: the state is not held while samples are
// compared.
SketchDesk::Answer Reads::AskSketches(const Caller& caller,
                                      const std::string& application_no) const {
  std::optional<SketchedCase> of;
  std::vector<SketchedCase> listed;
  parts_.acknowledged.With([&](const State& state) {
    const v1::Application* application =
        registry::FindApplication(state, application_no);
    if (application == nullptr || !SeesAll(caller, state)) return;
    of = SketchedCaseOf(*application);
    listed = ListedCases(state, *application);
  });
  if (!of.has_value()) return {};
  return parts_.sketches.Ask(*of, listed, kSketchPatience);
}

absl::StatusOr<v1::GetApplicationResponse> Reads::Get(
    const Caller& caller, const v1::GetApplicationRequest& request) const {
  const std::string& number = request.application_no();
  const SketchDesk::Answer sketches = AskSketches(caller, number);
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetApplicationResponse> {
        const v1::Application* application =
            registry::FindApplication(state, number);
        if (application == nullptr) {
          return NoSuch("application", "申请", number);
        }
        v1::GetApplicationResponse response;
        *response.mutable_application() =
            SeesApplication(caller, state, *application)
                ? *application
                : PublicPart(state, *application);
        KeepKnownDuplicates(caller, state, *response.mutable_application());
        ShowDisclosed(parts_.store, *application,
                      *response.mutable_application()->mutable_form());
        ASSIGN_OR_RETURN(const auto steps,
                         parts_.acknowledged.projection().History(
                             absl::StrCat("applications/", number)));
        for (const PastStep& past : steps) {
          AddStep(caller, state, *application, past, response);
        }
        response.set_deadline_text(DeadlineText(state, *application));
        if (SeesAll(caller, state)) {
          AddRecordLikeness(state, sketches, *response.mutable_application());
          for (v1::Finding& finding :
               registry::ChecklistOf(state, *application)) {
            *response.add_findings() = std::move(finding);
          }
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

namespace {

// No history is too long for an answer: the first records go, and the version
// of the next one tells.
void KeepNewestRecords(v1::Certificate& certificate) {
  auto& records = *certificate.mutable_status_records();
  size_t bytes = 0;
  int kept = 0;
  while (kept < records.size()) {
    bytes += records.Get(records.size() - 1 - kept).size();
    if (kept > 0 && bytes > limits::kStatusRecordsBytes) break;
    ++kept;
  }
  records.DeleteSubrange(0, records.size() - kept);
}

}  // namespace

absl::StatusOr<v1::GetCertificateResponse> Reads::Get(
    const Caller&, const v1::GetCertificateRequest& request) const {
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetCertificateResponse> {
        const v1::Certificate* certificate =
            registry::FindCertificate(state, request.number());
        if (certificate == nullptr) {
          return NoSuch("certificate", "登记证书", request.number());
        }
        v1::GetCertificateResponse response;
        v1::Certificate& shown = *response.mutable_certificate();
        shown = *certificate;
        KeepNewestRecords(shown);
        ASSIGN_OR_RETURN(
            const uint64_t index,
            parts_.acknowledged.projection().IssueIndex(certificate->number()));
        shown.set_issue_index(index);
        if (const auto* value =
                Find(state.value_of_certificate, certificate->number())) {
          shown.set_realised_value_fen(value->fen);
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::GetLicenceResponse> Reads::Get(
    const Caller& caller, const v1::GetLicenceRequest& request) const {
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetLicenceResponse> {
        const registry::LicenceState* found =
            registry::FindLicence(state, request.licence_no());
        if (found == nullptr) {
          return NoSuch("licence", "许可", request.licence_no());
        }
        v1::GetLicenceResponse response;
        *response.mutable_position() = PositionAt(last_index);
        if (!SeesLicence(caller, state, found->licence)) {
          *response.mutable_licence() = PublicPart(found->licence);
          return response;
        }
        *response.mutable_licence() = found->licence;
        response.set_realised_value_fen(found->realised.fen);
        return response;
      });
}

absl::StatusOr<v1::GetValueResponse> Reads::Get(
    const Caller&, const v1::GetValueRequest& request) const {
  if (!request.certificate_number().empty() && !request.party().empty()) {
    return services::InvalidField(
        "party",
        {"name a certificate or a party, not both", "证书与主体只能指定一个"});
  }
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetValueResponse> {
        const registry::Realised* realised = &state.value_total;
        std::string subject = "total";
        if (!request.certificate_number().empty()) {
          const auto* certificate =
              registry::FindCertificate(state, request.certificate_number());
          if (certificate == nullptr) {
            return NoSuch("certificate", "登记证书",
                          request.certificate_number());
          }
          subject = absl::StrCat("certificates/", certificate->number());
          realised = Find(state.value_of_certificate, certificate->number());
        } else if (!request.party().empty()) {
          const auto* party = registry::FindPartyByAny(state, request.party());
          if (party == nullptr) return NoSuch("party", "主体", request.party());
          subject = absl::StrCat("parties/", party->party_number());
          realised = Find(state.value_of_party, party->party_number());
        }
        v1::GetValueResponse response;
        v1::RealisedValue& value = *response.mutable_value();
        value.set_subject(subject);
        if (realised != nullptr) {
          value.set_fen(realised->fen);
          value.set_events(realised->events);
        }
        const auto* values = ValuesOn(state, TodayOf(state, parts_.now_ms()));
        if (values != nullptr) {
          value.set_metric(values->Text(registry::kValueMetric).value_or(""));
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

}  // namespace dataip::registryd
