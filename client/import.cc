#include "client/import.h"

#include <chrono>
#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "client/command.h"
#include "client/filing/columns.h"
#include "client/filing/unread_cells.h"
#include "client/in_flight.h"
#include "client/registry_client.h"
#include "client/row_answers.h"
#include "client/status.h"
#include "core/base/mutex.h"
#include "core/base/status_macros.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/tables/profile.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// How long a filing may be on its way: longer than the registry waits for its
// ledger.
constexpr std::chrono::milliseconds kArrivalPause(100);
constexpr int kArrivalAttempts = 100;

// An application that the registry has under a reference of this party.
struct Existing {
  std::string application_no;
  std::string file_sha256;
};

int64_t MillisecondsOf(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1000 + time.nanos() / 1'000'000;
}

rpc::v1::FieldViolation OtherFile(const std::string& reference,
                                  const std::string& application_no) {
  return RowViolation(
      "client_reference", "CONFLICT",
      absl::StrCat("编号“", reference, "”已用于另一数据文件的申请 ",
                   application_no, "；请改用新的编号，或对原申请办理补正"),
      absl::StrCat("reference '", reference,
                   "' stands for another data file, application ",
                   application_no, "; use a new reference"));
}

// What the form's rules say of a row that could not be read whole, but for
// what follows from the cells that could not be read.
void AddWhatTheRulesSay(v1::ApplicationForm form,
                        const google::protobuf::Timestamp& now,
                        const registry::Profile& profile,
                        Violations& violations) {
  const UnreadCells unread(violations);
  SetIssuedAt(now, form);
  registry::FormContext context;
  context.profile = &profile;
  context.issued_at = now;
  context.filed_at_ms = MillisecondsOf(now);
  for (auto& found : registry::ValidateForm(form, context)) {
    if (!unread.Hide(found.field())) violations.push_back(std::move(found));
  }
}

// The profile that rules what is filed today.
absl::StatusOr<registry::Profile> CurrentProfile(RegistryClient& registry) {
  ASSIGN_OR_RETURN(const auto profiles, registry.GetProfiles());
  v1::GetTableRequest request;
  for (const v1::ProfileInForce& one : profiles.in_force()) {
    if (!one.current()) continue;
    request.set_name(absl::StrCat("profiles/", one.profile().profile_id()));
    request.set_sha256(one.profile().sha256());
  }
  ASSIGN_OR_RETURN(const auto table, registry.GetTable(request));
  return registry::Profile::Parse(table.content());
}

class Importer {
 public:
  Importer(const ImportRequest& request, RegistryClient& registry)
      : request_(request), registry_(registry) {}

  // What is filed already, and the profile of today.
  absl::Status LoadExisting() {
    ASSIGN_OR_RETURN(profile_, CurrentProfile(registry_));
    v1::ListApplicationsRequest list;
    list.set_party(request_.context.party_number);
    ASSIGN_OR_RETURN(const auto applications, registry_.ListApplications(list));
    for (const v1::ApplicationSummary& line : applications) {
      existing_[line.client_reference()] = {line.application_no(),
                                            line.file_sha256()};
    }
    return absl::OkStatus();
  }

  // OK when the row is settled, one way or the other.
  absl::Status Run(const CsvRow& row, RowOutcome& outcome) {
    if (!row.flaw.empty()) return Build(row, outcome).status();
    if (outcome.client_reference.empty()) {
      outcome.result = RowResult::kRejected;
      outcome.violations.push_back(
          RowViolation("client_reference", "CSV",
                       "缺少申请人自编号，请为每行填写不同的 client_reference",
                       "the row has no reference; give each row its own"));
      return absl::OkStatus();
    }
    const auto digest =
        RowFileSha256(*request_.table, row, request_.context.data_dir);
    if (!digest.ok()) return Build(row, outcome).status();
    if (request_.journal != nullptr) {
      const auto known = request_.journal->Find(outcome.client_reference);
      if (known.has_value()) return GoOn(row, *known, *digest, outcome);
    }
    if (const auto it = existing_.find(outcome.client_reference);
        it != existing_.end()) {
      return Settle(it->second, *digest, outcome);
    }
    return FileAnew(row, *digest, outcome);
  }

 private:
  // Says of every violation what stands in its cell.
  void Quote(const CsvRow& row, RowOutcome& outcome) const {
    for (auto& violation : outcome.violations) {
      QuoteCell(*request_.table, row, violation);
    }
  }

  // The row's form, or its violations in `outcome`.
  absl::StatusOr<std::optional<Filing>> Build(const CsvRow& row,
                                              RowOutcome& outcome) {
    FilingResult made = MakeFiling(*request_.table, row, request_.context);
    if (made.violations.empty()) return std::move(made.filing);
    outcome.result = RowResult::kRejected;
    if (row.flaw.empty()) {
      AddWhatTheRulesSay(std::move(made.filing.form), request_.now, profile_,
                         made.violations);
    }
    outcome.violations = std::move(made.violations);
    Quote(row, outcome);
    return std::nullopt;
  }

  absl::Status Settle(const Existing& existing, const hash::Hash& digest,
                      RowOutcome& outcome) {
    outcome.application_no = existing.application_no;
    if (existing.file_sha256 != digest.text()) {
      outcome.result = RowResult::kRejected;
      outcome.violations.push_back(
          OtherFile(outcome.client_reference, existing.application_no));
      return absl::OkStatus();
    }
    outcome.result = RowResult::kAlreadyFiled;
    if (request_.journal == nullptr) return absl::OkStatus();
    return request_.journal->Filed(outcome.client_reference,
                                   existing.application_no, digest);
  }

  // The journal knows the reference: filed, or signed with unknown outcome.
  absl::Status GoOn(const CsvRow& row, const JournalRow& known,
                    const hash::Hash& digest, RowOutcome& outcome) {
    if (known.file_sha256 == digest && known.application_no.empty() &&
        known.expires_at_ms >= MillisecondsOf(request_.now)) {
      return Send(row, known, outcome, /*may_sign_anew=*/true);
    }
    ASSIGN_OR_RETURN(const std::optional<Existing> existing,
                     LookUp(outcome.client_reference));
    if (existing.has_value()) return Settle(*existing, digest, outcome);
    RETURN_IF_ERROR(request_.journal->Refused(outcome.client_reference));
    return FileAnew(row, digest, outcome);
  }

  absl::StatusOr<std::optional<Existing>> LookUp(const std::string& reference) {
    v1::ListApplicationsRequest list;
    list.set_party(request_.context.party_number);
    list.set_client_reference(reference);
    ASSIGN_OR_RETURN(const auto found, registry_.ListApplications(list));
    if (found.empty()) return std::nullopt;
    return Existing{found[0].application_no(), found[0].file_sha256()};
  }

  absl::Status FileAnew(const CsvRow& row, const hash::Hash& digest,
                        RowOutcome& outcome) {
    ASSIGN_OR_RETURN(std::optional<Filing> filing, Build(row, outcome));
    if (!filing.has_value()) return absl::OkStatus();
    v1::Command command = StartCommand(
        {.actor = request_.agent.empty() ? request_.context.party_number
                                         : request_.agent,
         .now = request_.now});
    SetIssuedAt(command.issued_at(), filing->form);
    *command.mutable_submit_application()->mutable_form() = filing->form;
    JournalRow signed_row{
        .file_sha256 = digest,
        .expires_at_ms = MillisecondsOf(command.expires_at())};
    v1::SubmitCommandRequest& submit = signed_row.request.emplace();
    ASSIGN_OR_RETURN(*submit.mutable_command(),
                     SignCommand(command, request_.origin, {&request_.key, 1}));
    submit.mutable_openings()->Add(filing->openings.begin(),
                                   filing->openings.end());
    submit.set_validate_only(request_.journal == nullptr);
    if (request_.journal != nullptr) {
      for (const FileToUpload& file : filing->uploads) {
        RETURN_IF_ERROR(registry_.Upload(hash::AsBytes(file.bytes)).status());
      }
      RETURN_IF_ERROR(
          request_.journal->Signed(outcome.client_reference, signed_row));
    }
    return Send(row, signed_row, outcome, /*may_sign_anew=*/false);
  }

  absl::Status Send(const CsvRow& row, const JournalRow& signed_row,
                    RowOutcome& outcome, bool may_sign_anew) {
    const auto answer = SubmitOnce(outcome.client_reference, signed_row);
    if (!answer.ok()) {
      return Refused(row, signed_row, answer.status(), outcome, may_sign_anew);
    }
    if (request_.journal == nullptr) {
      outcome.result = RowResult::kValid;
      return absl::OkStatus();
    }
    if (answer->events().empty() ||
        !answer->events(0).has_application_submitted()) {
      return absl::DataLossError(
          "登记系统的答复不是受理结果 (the answer is not that of a filing)");
    }
    outcome.result = RowResult::kFiled;
    outcome.application_no = answer->events(0)
                                 .application_submitted()
                                 .application()
                                 .application_no();
    RETURN_IF_ERROR(
        KeepReceipt({request_.receipts_dir, outcome.application_no, ".receipt"},
                    answer->receipt()));
    return request_.journal->Filed(outcome.client_reference,
                                   outcome.application_no,
                                   signed_row.file_sha256);
  }

  // The registry decides on what is on its way to the ledger, its lists show
  // what has arrived. So a reference may exist that no list has yet, filed by
  // an import that ended: asked again until one of the two has changed.
  absl::StatusOr<v1::SubmitCommandResponse> SubmitOnce(
      const std::string& reference, const JournalRow& signed_row) {
    for (int attempt = 1;; ++attempt) {
      auto answer = request_.submit(*signed_row.request);
      if (ReasonOf(answer.status()) != rpc::v1::ALREADY_EXISTS ||
          attempt == kArrivalAttempts) {
        return answer;
      }
      const auto existing = LookUp(reference);
      if (!existing.ok() || existing->has_value()) return answer;
      std::this_thread::sleep_for(kArrivalPause);
    }
  }

  absl::Status Refused(const CsvRow& row, const JournalRow& signed_row,
                       const absl::Status& status, RowOutcome& outcome,
                       bool may_sign_anew) {
    if (!IsAboutTheRow(status)) return status;
    // A refusal may be about a reference that another run has filed already.
    ASSIGN_OR_RETURN(const std::optional<Existing> existing,
                     LookUp(outcome.client_reference));
    if (existing.has_value()) {
      return Settle(*existing, signed_row.file_sha256, outcome);
    }
    if (request_.journal != nullptr) {
      RETURN_IF_ERROR(request_.journal->Refused(outcome.client_reference));
    }
    if (may_sign_anew) return FileAnew(row, signed_row.file_sha256, outcome);
    outcome.result = RowResult::kRejected;
    outcome.violations = ViolationsOf(status);
    Quote(row, outcome);
    return absl::OkStatus();
  }

  const ImportRequest& request_;
  RegistryClient& registry_;
  std::map<std::string, Existing> existing_;
  registry::Profile profile_;
};

// References that stand in several rows: all but the first are rejected.
void RejectRepeated(const CsvTable& table, ImportReport& report) {
  std::map<std::string, uint64_t> lines;  // of each reference, the first
  for (size_t i = 0; i < table.rows.size(); ++i) {
    RowOutcome& outcome = report.rows[i];
    outcome.line = table.rows[i].line;
    if (table.rows[i].flaw.empty()) {
      outcome.client_reference =
          std::string(table.Cell(table.rows[i], "client_reference"));
    }
    if (outcome.client_reference.empty()) continue;
    const auto [first, is_new] =
        lines.emplace(outcome.client_reference, outcome.line);
    if (is_new) continue;
    outcome.result = RowResult::kRejected;
    outcome.violations.push_back(RowViolation(
        "client_reference", "CSV",
        absl::StrCat("编号“", outcome.client_reference, "”与第 ", first->second,
                     " 行重复，请为每行填写不同的 client_reference"),
        absl::StrCat("'", outcome.client_reference, "' stands in line ",
                     first->second, " too; give each row its own")));
  }
}

}  // namespace

absl::StatusOr<ImportReport> ImportTable(const ImportRequest& request,
                                         RegistryClient& registry,
                                         const std::function<void()>& on_row) {
  Importer importer(request, registry);
  RETURN_IF_ERROR(importer.LoadExisting());
  ImportReport report;
  report.rows.resize(request.table->rows.size());
  RejectRepeated(*request.table, report);
  base::Mutex mutex;
  ForEachInFlight(report.rows.size(), request.in_flight, [&](size_t i) {
    RowOutcome& outcome = report.rows[i];
    absl::Status status;
    if (outcome.result != RowResult::kRejected) {
      status = importer.Run(request.table->rows[i], outcome);
    }
    if (status.ok()) {
      on_row();
      return true;
    }
    base::MutexLock lock(mutex);
    if (report.ended.ok()) report.ended = status;
    return false;
  });
  return report;
}

}  // namespace dataip::client
