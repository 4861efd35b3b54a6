#include "client/cli/row_corrections.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/form_view.h"
#include "client/command.h"
#include "client/filing/columns.h"
#include "client/in_flight.h"
#include "client/registry_client.h"
#include "client/row_answers.h"
#include "client/status.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/registry/form/form_path.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::Status NotWhole() {
  return absl::PermissionDeniedError(
      "登记系统未向您出示完整的申请表，请用申请人或其代理人的 TLS 证书 (the "
      "registry did not show you the whole form: use the TLS certificate of "
      "the applicant or of its agent)");
}

class Corrector {
 public:
  Corrector(const CorrectionsRequest& request, RegistryClient& registry)
      : request_(request), registry_(registry) {
    for (const auto& [field, reason] : request.reasons) fields_.insert(field);
  }

  // OK when the row is settled, one way or the other.
  absl::Status Run(const CsvRow& row, CorrectionOutcome& outcome) {
    if (outcome.result == CorrectionResult::kRejected ||
        outcome.application_no.empty()) {
      return absl::OkStatus();
    }
    std::optional<JournalRow> known;
    if (request_.journal != nullptr) {
      known = request_.journal->Find(outcome.client_reference);
    }
    // What waits for nothing is asked again only where something was signed.
    if (outcome.result == CorrectionResult::kNotOpen) {
      return known.has_value() ? GoOnClosed(*known, outcome) : absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const auto current,
                     registry_.GetApplication(outcome.application_no));
    const v1::Application& application = current.application();
    if (ReaderOf(application.form()) != FormReader::kWhole) return NotWhole();
    if (application.state() != v1::CORRECTION_REQUIRED) {
      TellNotOpen(application.state(), outcome);
      return known.has_value() ? GoOnClosed(*known, outcome) : absl::OkStatus();
    }
    return Correct(row, application, known, outcome);
  }

  std::set<std::string> UsedReasons() {
    base::MutexLock lock(mutex_);
    return used_;
  }

 private:
  void Reject(const CsvRow& row, Violations violations,
              CorrectionOutcome& outcome) const {
    outcome.result = CorrectionResult::kRejected;
    outcome.violations = std::move(violations);
    for (auto& violation : outcome.violations) {
      QuoteCell(*request_.table, row, violation);
    }
  }

  absl::Status Correct(const CsvRow& row, const v1::Application& application,
                       const std::optional<JournalRow>& known,
                       CorrectionOutcome& outcome) {
    auto corrected = CorrectRow(*request_.table, row, request_.context,
                                {application, fields_});
    if (!corrected.ok()) {
      if (!absl::IsInvalidArgument(corrected.status())) {
        return corrected.status();
      }
      Reject(row, ViolationsOf(corrected.status()), outcome);
      return absl::OkStatus();
    }
    const v1::ApplicationForm& form = corrected->filing.form;
    outcome.changed = registry::ChangedFields(application.form(), form);
    outcome.unchanged_defects = UnchangedDefects(application, form);
    Violations violations =
        CheckCorrection(application, *corrected, request_.reasons);
    if (!violations.empty()) {
      Reject(row, std::move(violations), outcome);
      return absl::OkStatus();
    }
    const hash::Hash content = ContentOf(*corrected, request_.reasons);
    if (known.has_value() && IsTheSame(*known, content, application)) {
      const absl::Status sent = Send(*known, outcome);
      if (sent.ok() || !IsAboutTheRow(sent)) return sent;
    }
    const auto signed_row = Sign(application, *corrected, content, outcome);
    RETURN_IF_ERROR(signed_row.status());
    const absl::Status sent = Send(*signed_row, outcome);
    if (!IsAboutTheRow(sent) && ReasonOf(sent) != rpc::v1::VERSION_CONFLICT) {
      return sent;
    }
    Reject(row, ViolationsOf(sent), outcome);
    return absl::OkStatus();
  }

  // Signed for this very correction, and perhaps on its way.
  bool IsTheSame(const JournalRow& known, const hash::Hash& content,
                 const v1::Application& application) const {
    if (!known.request.has_value() || !known.application_no.empty() ||
        !(known.file_sha256 == content)) {
      return false;
    }
    const auto command = ReadCommand(known.request->command());
    return command.ok() && command->version() == application.version();
  }

  absl::StatusOr<JournalRow> Sign(const v1::Application& application,
                                  CorrectedRow& corrected,
                                  const hash::Hash& content,
                                  const CorrectionOutcome& outcome) {
    v1::Command command = StartCommand({.actor = request_.actor,
                                        .now = request_.now,
                                        .version = application.version()});
    Filing& filing = corrected.filing;
    if (corrected.new_deposit) SetIssuedAt(command.issued_at(), filing.form);
    v1::CorrectApplication& body = *command.mutable_correct_application();
    body.set_application_no(application.application_no());
    *body.mutable_form() = filing.form;
    for (v1::ChangeReason& reason :
         ReasonsFor(application, outcome.changed, request_.reasons)) {
      Use(reason.field());
      *body.add_reasons() = std::move(reason);
    }
    JournalRow row;
    row.file_sha256 = content;
    row.expires_at_ms = command.expires_at().seconds() * 1'000;
    v1::SubmitCommandRequest& submit = row.request.emplace();
    ASSIGN_OR_RETURN(*submit.mutable_command(),
                     SignCommand(command, request_.origin, {&request_.key, 1}));
    submit.mutable_openings()->Add(filing.openings.begin(),
                                   filing.openings.end());
    submit.set_validate_only(request_.journal == nullptr);
    if (request_.journal == nullptr) return row;
    for (const FileToUpload& file : filing.uploads) {
      RETURN_IF_ERROR(registry_.Upload(hash::AsBytes(file.bytes)).status());
    }
    RETURN_IF_ERROR(request_.journal->Signed(outcome.client_reference, row));
    return row;
  }

  void Use(const std::string& field) {
    base::MutexLock lock(mutex_);
    used_.insert(field);
  }

  // A refusal is forgotten by the journal: nothing came of that command.
  absl::Status Send(const JournalRow& signed_row, CorrectionOutcome& outcome) {
    const auto answer = request_.submit(*signed_row.request);
    if (!answer.ok()) {
      const bool refused =
          IsAboutTheRow(answer.status()) ||
          ReasonOf(answer.status()) == rpc::v1::VERSION_CONFLICT;
      if (refused && request_.journal != nullptr) {
        RETURN_IF_ERROR(request_.journal->Refused(outcome.client_reference));
      }
      return answer.status();
    }
    outcome.violations.clear();
    if (request_.journal == nullptr) {
      outcome.result = CorrectionResult::kValid;
      return absl::OkStatus();
    }
    if (answer->events().empty() || !answer->events(0).has_correction_filed() ||
        answer->events(0).correction_filed().application_no() !=
            outcome.application_no) {
      return absl::DataLossError(
          "登记系统的答复不是补正结果 (the answer is not that of a "
          "correction)");
    }
    outcome.result = CorrectionResult::kCorrected;
    RETURN_IF_ERROR(KeepReceipt(
        {request_.receipts_dir, outcome.application_no,
         absl::StrCat(".correction-", answer->receipt().index(), ".receipt")},
        answer->receipt()));
    return request_.journal->Filed(outcome.client_reference,
                                   outcome.application_no,
                                   signed_row.file_sha256);
  }

  // The journal knows a correction, and nothing waits for one: it was filed, or
  // it was on its way when a run ended. The registry knows what it has decided
  // and answers it as it did.
  absl::Status GoOnClosed(const JournalRow& known, CorrectionOutcome& outcome) {
    if (!known.application_no.empty()) {
      outcome.result = CorrectionResult::kAlreadyCorrected;
      outcome.violations.clear();
      return absl::OkStatus();
    }
    if (!known.request.has_value()) return absl::OkStatus();
    const absl::Status sent = Send(known, outcome);
    const bool another =
        IsAboutTheRow(sent) || ReasonOf(sent) == rpc::v1::VERSION_CONFLICT;
    return another ? absl::OkStatus() : sent;
  }

  const CorrectionsRequest& request_;
  RegistryClient& registry_;
  std::set<std::string> fields_;  // of the reasons
  base::Mutex mutex_;
  std::set<std::string> used_ DATAIP_GUARDED_BY(mutex_);
};

// Those of `applications` that wait for a correction and that no row names.
std::vector<v1::ApplicationSummary> WithoutRow(
    const std::string& party, const std::vector<CorrectionOutcome>& rows,
    const std::vector<v1::ApplicationSummary>& applications) {
  std::set<std::string> named;
  for (const CorrectionOutcome& row : rows) named.insert(row.application_no);
  std::vector<v1::ApplicationSummary> rest;
  for (const v1::ApplicationSummary& one : applications) {
    if (one.state() == v1::CORRECTION_REQUIRED && one.party_number() == party &&
        named.count(one.application_no()) == 0) {
      rest.push_back(one);
    }
  }
  return rest;
}

}  // namespace

size_t CorrectionsReport::Count(CorrectionResult result) const {
  size_t count = 0;
  for (const CorrectionOutcome& row : rows) {
    count += row.result == result ? 1 : 0;
  }
  return count;
}

absl::StatusOr<CorrectionsReport> CorrectTable(
    const CorrectionsRequest& request, RegistryClient& registry,
    const std::function<void()>& on_row) {
  const std::string& party = request.context.party_number;
  v1::ListApplicationsRequest list;
  list.set_party(party);
  ASSIGN_OR_RETURN(const auto applications, registry.ListApplications(list));
  // An agent without a power is shown nothing that it could correct.
  const bool shown = std::any_of(applications.begin(), applications.end(),
                                 [](const v1::ApplicationSummary& one) {
                                   return !one.client_reference().empty();
                                 });
  if (!shown && request.actor != party) return NotWhole();
  CorrectionsReport report;
  report.rows = MatchRows(*request.table, party, applications);
  report.without_row = WithoutRow(party, report.rows, applications);
  Corrector corrector(request, registry);
  base::Mutex mutex;
  ForEachInFlight(report.rows.size(), kCommandsInFlight, [&](size_t i) {
    const absl::Status status =
        corrector.Run(request.table->rows[i], report.rows[i]);
    if (status.ok()) {
      on_row();
      return true;
    }
    base::MutexLock lock(mutex);
    if (report.ended.ok()) report.ended = status;
    return false;
  });
  const auto used = corrector.UsedReasons();
  for (const auto& [field, reason] : request.reasons) {
    if (used.count(field) == 0) report.unused_reasons.insert(field);
  }
  return report;
}

}  // namespace dataip::client
