#include "tests/faults/rows.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "tests/support/shimmed_ledger.h"
#include "tests/support/whole_ledger.h"

namespace dataip::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStep{10};
constexpr int kStepsToFire = 800;
constexpr int kStepsToEnd = 300;
constexpr int kStepsToAttach = 500;
// More than a memtable holds: RocksDB starts another log and writes a table.
constexpr size_t kLargeBytes = size_t{12} << 20;
constexpr int kLargeMessages = 3;

// Waits for something without an event of its own.
template <typename Condition>
bool Await(Process& process, int steps, const Condition& condition) {
  for (int i = 0; i < steps; ++i) {
    if (condition()) return true;
    if (process.WaitForExit(kStep).has_value()) return condition();
  }
  return condition();
}

// A ledger and the appends of a row.
class Appends {
 public:
  explicit Appends(const std::string& folder) : ledger(folder, {}) {}

  absl::Status Open() {
    RETURN_IF_ERROR(ledger.StartAndListen());
    client_ = std::make_unique<client::LedgerClient>(ledger.Connect());
    ledger::v1::OpenWriterRequest open;
    open.set_instance_id("faults");
    ASSIGN_OR_RETURN(const auto opened, client_->OpenWriter(open));
    epoch_ = opened.epoch();
    RETURN_IF_ERROR(Append(100));
    return AwaitCheckpoint();
  }

  absl::Status Append(size_t payload_bytes) {
    ledger::v1::AppendRequest request;
    request.set_epoch(epoch_);
    request.set_sequence(sequence_);
    ledger::v1::NewEntry* entry = request.add_entries();
    entry->set_type("test.Entry");
    std::string payload = absl::StrCat("payload ", sequence_, " ");
    payload.resize(payload_bytes, 'x');
    entry->set_payload(payload);
    ASSIGN_OR_RETURN(const auto response, client_->AppendOne(request));
    ++sequence_;
    acknowledged[response.first_index()] = {
        hash::LeafHash(hash::AsBytes(response.headers(0))),
        hash::Sha256(hash::AsBytes(payload))};
    return absl::OkStatus();
  }

  absl::Status AwaitCheckpoint() {
    return client_
        ->GetCheckpoint(acknowledged.rbegin()->first + 1, milliseconds(5'000))
        .status();
  }

  // The append that the row is about.
  absl::Status AppendToTheEnd(bool full_buffers) {
    RETURN_IF_ERROR(Append(100));
    RETURN_IF_ERROR(AwaitCheckpoint());
    for (int i = 0; full_buffers && i < kLargeMessages; ++i) {
      RETURN_IF_ERROR(Append(kLargeBytes));
    }
    return AwaitCheckpoint();
  }

  Folders folders() const {
    return {ledger.data_dir() + "/db", ledger.data_dir()};
  }

  ShimmedLedger ledger;
  std::map<uint64_t, Acknowledged> acknowledged;

 private:
  std::unique_ptr<client::LedgerClient> client_;
  uint64_t epoch_ = 0;
  uint64_t sequence_ = 0;
};

// strace on all threads of the ledger; null when it may not trace it.
std::unique_ptr<Process> Attach(pid_t pid, std::vector<std::string> options,
                                const std::string& output) {
  Command command{"strace", {"-f", "-y", "-s", "200", "-o", output}};
  command.arguments.insert(command.arguments.end(), options.begin(),
                           options.end());
  command.arguments.insert(command.arguments.end(),
                           {"-p", std::to_string(pid)});
  auto strace = Process::Start(command);
  const bool attached = Await(*strace, kStepsToAttach, [&] {
    return absl::StrContains(strace->err(), " attached");
  });
  return attached ? std::move(strace) : nullptr;
}

int ErrorOf(const std::string& name) {
  if (name == "EIO") return EIO;
  return name == "ENOSPC" ? ENOSPC : 0;
}

// The message and error of the last log line that has one, or the last line
// that is no log line: RocksDB's assertions.
std::string LastWords(const std::string& err) {
  std::string words;
  for (const absl::string_view line : absl::StrSplit(err, '\n')) {
    const bool log = absl::StartsWith(line, "{");
    if (log ? absl::StrContains(line, "\"error\"") : !line.empty()) {
      words = std::string(line);
    }
  }
  const size_t from = words.find("\"message\":");
  return from == std::string::npos ? words : words.substr(from);
}

bool IsSync(shim::Call call) {
  return call == shim::Call::kFsync || call == shim::Call::kFdatasync;
}

// Arms the fault by the shim or by strace.
class Trap {
 public:
  Trap(const Row& row, Appends& appends, const std::string& folder)
      : executed_(row.executed),
        control_(appends.ledger.control()),
        output_(folder + "/strace") {
    if (!executed_) {
      strace_ = Attach(appends.ledger.process().pid(),
                       InjectOptions(row.site, row.error, appends.folders()),
                       output_);
      return;
    }
    control_.call = row.site.call;
    control_.kind = row.site.kind;
    control_.execute = 1;
    control_.error = ErrorOf(row.error);
    control_.armed = 1;
  }

  bool set() const { return executed_ || strace_ != nullptr; }
  bool fired() const {
    if (executed_) return control_.fired != 0;
    const std::string trace = ReadFile(output_);
    return absl::StrContains(trace, "(INJECTED)") ||
           absl::StrContains(trace, "killed by SIGKILL");
  }
  // Lets the program go.
  void Release() { strace_.reset(); }

 private:
  const bool executed_;
  shim::Control& control_;
  const std::string output_;
  std::unique_ptr<Process> strace_;
};

// The fault and the end of the process.
void Suffer(Row& row, Appends& appends, const std::string& folder) {
  Process& process = appends.ledger.process();
  Trap trap(row, appends, folder);
  if (!trap.set()) {
    row.words = "strace may not trace the ledger";
    return;
  }
  const absl::Status answered =
      appends.AppendToTheEnd(!IsOfSmallAppend(row.site));
  row.fired = Await(process, answered.ok() ? kStepsToFire : kStepsToEnd,
                    [&] { return trap.fired(); });
  const bool must_end =
      row.error == "KILL" || !answered.ok() || IsSync(row.site.call);
  const auto code = must_end ? process.WaitForExit(kStep * kStepsToEnd)
                             : process.WaitForExit(kStep * 50);
  row.words = LastWords(process.err());
  if (code.has_value()) {
    row.outcome = row.error == "KILL" ? "killed" : "ended";
    const bool as_it_should =
        row.error == "KILL" ? *code == 128 + SIGKILL : !row.words.empty();
    if (!as_it_should) row.outcome = absl::StrCat("ended with ", *code);
    row.good = row.fired && as_it_should;
  } else {
    row.outcome = "went on";
    // Nothing was promised by a call that is no sync and did not fail an
    // append.
    row.good = row.fired && !must_end;
  }
  process.Kill();
  trap.Release();
}

void Revive(Row& row, Appends& appends) {
  std::mt19937_64 random(1);
  const auto fail = [&row](const absl::Status& status) {
    row.good = false;
    row.after = "FAILED";
    row.words = std::string(status.message());
  };
  const auto cut = appends.ledger.LosePower(Unsynced::kGone, random);
  if (!cut.ok()) return fail(cut.status());
  const absl::Status started = appends.ledger.StartAndListen();
  if (!started.ok()) {
    // A refusal that says why would do; none is wanted after one fault.
    return fail(started);
  }
  client::LedgerClient client = appends.ledger.Connect();
  const auto contents = CheckWholeLedger(client, {appends.ledger.origin(),
                                                  appends.ledger.verifiers(),
                                                  appends.acknowledged,
                                                  {}});
  if (!contents.ok()) return fail(contents.status());
  if (contents->lost > 0) {
    return fail(absl::DataLossError(
        absl::StrCat(contents->lost, " acknowledged entries lost")));
  }
  row.after = "opens, checks";
}

}  // namespace

bool IsOfSmallAppend(const Site& site) {
  return site.kind == shim::Kind::kPublished ||
         (site.kind == shim::Kind::kFolder &&
          site.call == shim::Call::kFsync) ||
         (site.kind == shim::Kind::kWal &&
          (site.call == shim::Call::kWrite ||
           site.call == shim::Call::kFdatasync));
}

absl::StatusOr<std::vector<Site>> RecordSites() {
  TempDir dir;
  Appends appends(dir.path());
  RETURN_IF_ERROR(appends.Open());
  shim::Control& control = appends.ledger.control();
  const std::string output = dir / "strace";
  auto strace = Attach(appends.ledger.process().pid(),
                       {"-e", "trace=" + TracedCalls()}, output);
  if (strace == nullptr) {
    return absl::InternalError("strace may not trace the ledger");
  }
  control.counting = 1;
  RETURN_IF_ERROR(appends.AppendToTheEnd(true));
  // The table is written beside the appends; that it is the database's is
  // synced last. The old log stays while other families need it.
  const bool written = Await(appends.ledger.process(), kStepsToEnd, [&] {
    const auto manifest = static_cast<size_t>(shim::Kind::kManifest);
    return control.seen[static_cast<size_t>(shim::Call::kFdatasync)][manifest] >
           0;
  });
  if (!written) return absl::InternalError("no table was written");
  control.counting = 0;
  strace->Signal(SIGINT);
  strace->WaitForExit();
  const auto sites = SitesIn(ReadFile(output), appends.ledger.disk().root);
  for (const Site& site : sites) {
    if (control.seen[static_cast<size_t>(site.call)]
                    [static_cast<size_t>(site.kind)] == 0) {
      return absl::InternalError(
          absl::StrCat("a call escapes the shim: ", NameOf(site.call), " of a ",
                       NameOf(site.kind)));
    }
  }
  return sites;
}

void RunRow(Row& row) {
  TempDir dir;
  Appends appends(dir.path());
  const absl::Status opened = appends.Open();
  if (!opened.ok()) {
    row.words = std::string(opened.message());
    return;
  }
  Suffer(row, appends, dir.path());
  Revive(row, appends);
}

}  // namespace dataip::test
