#include "tests/crash/rounds.h"

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace dataip::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{20'000};
// Calls on files from the program's start until it listens, about; while it
// appends for a moment; and while it stops.
constexpr uint64_t kCallsOfStart = 160;
constexpr uint64_t kCallsOfAppending = 600;
constexpr uint64_t kCallsOfStop = 60;
constexpr uint64_t kMostAcknowledgements = 3'000;
constexpr uint64_t kMostMilliseconds = 250;

LedgerSetup SetupOf(uint64_t seed, bool no_sync) {
  LedgerSetup setup;
  setup.no_sync = no_sync;
  setup.published_apart = seed % 2 == 1;
  return setup;
}

}  // namespace

const char* NameOf(Death death) {
  switch (death) {
    case Death::kAfterAcknowledgements:
      return "after acknowledgements";
    case Death::kAfterTime:
      return "after a time";
    case Death::kAtCall:
      return "at a call on a file";
    case Death::kAtStart:
      return "while it starts";
    case Death::kAtStop:
      return "while it stops";
  }
  return "";
}

void Tally::Add(const Tally& other) {
  for (int i = 0; i < kDeaths; ++i) deaths[i] += other.deaths[i];
  acknowledged += other.acknowledged;
  lost += other.lost;
  unknown += other.unknown;
  cut_bytes += other.cut_bytes;
  cut_names += other.cut_names;
  syncs += other.syncs;
  audits += other.audits;
}

LedgerLife::LedgerLife(const std::string& folder, uint64_t seed, bool no_sync)
    : no_sync_(no_sync),
      random_(seed),
      ledger_(folder, SetupOf(seed, no_sync)),
      writer_(seed, WriterLoad()) {}

LedgerLife::~LedgerLife() = default;

absl::Status LedgerLife::Round() {
  // Without syncs nothing is left to die with but what was acknowledged.
  const auto death = no_sync_ ? Death::kAfterAcknowledgements
                              : static_cast<Death>(random_() % kDeaths);
  story_ = NameOf(death);
  ++tally_.deaths[static_cast<size_t>(death)];
  if (death == Death::kAtStart) RETURN_IF_ERROR(DieAtStart());
  RETURN_IF_ERROR(StartAndCheck());
  if (death == Death::kAtStart) return Stop(false);
  return AppendAndDie(death);
}

absl::Status LedgerLife::StartAndCheck() {
  RETURN_IF_ERROR(ledger_.StartAndListen());
  client::LedgerClient client = ledger_.Connect();
  const Witnessed witnessed{ledger_.origin(), ledger_.verifiers(),
                            writer_.acknowledged(), writer_.served()};
  auto contents = CheckWholeLedger(client, witnessed);
  RETURN_IF_ERROR(contents.status());
  contents_ = *std::move(contents);
  tally_.lost += contents_.lost;
  return absl::OkStatus();
}

absl::Status LedgerLife::DieAtStart() {
  ledger_.Start(1 + random_() % kCallsOfStart);
  // It listens when the calls lasted longer than the start.
  if (ledger_.process().WaitForAddress(kPatience).has_value()) {
    ledger_.process().Kill();
  }
  if (ledger_.process().WaitForExit(kPatience) != 128 + SIGKILL) {
    return absl::InternalError(
        absl::StrCat("the start ended otherwise: ", ledger_.process().err()));
  }
  return LosePower();
}

void LedgerLife::Await(Death death) {
  const uint64_t acknowledged = writer_.acknowledged_count();
  if (death == Death::kAfterTime) {
    ledger_.process().WaitForExit(milliseconds(random_() % kMostMilliseconds));
  } else if (death == Death::kAtCall) {
    ledger_.control().calls_to_live = 1 + random_() % kCallsOfAppending;
    ledger_.process().WaitForExit(milliseconds(500));
  } else {
    // Few are as likely as many.
    const uint64_t most = kMostAcknowledgements >> random_() % 10;
    writer_.AwaitAcknowledged(acknowledged + 1 + random_() % most, kPatience);
  }
}

absl::Status LedgerLife::AppendAndDie(Death death) {
  client::LedgerClient client = ledger_.Connect();
  RETURN_IF_ERROR(writer_.Open(client, contents_));
  const uint64_t before = writer_.acknowledged_count();
  std::thread appending(
      [&] { writer_.Run(client, [] { return false; }).IgnoreError(); });
  std::thread watching([&] { writer_.Watch(client); });
  Await(death);
  absl::Status ended = Stop(death != Death::kAtStop);
  appending.join();
  watching.join();
  tally_.acknowledged += writer_.acknowledged_count() - before;
  tally_.unknown += writer_.unknown_messages();
  return ended;
}

absl::Status LedgerLife::Stop(bool killed) {
  Process& process = ledger_.process();
  if (killed) {
    process.Kill();
    return LosePower();
  }
  // Half of the stops are let finish.
  const bool finish = random_() % 2 == 0;
  if (!finish) ledger_.control().calls_to_live = 1 + random_() % kCallsOfStop;
  process.Signal(SIGTERM);
  const auto code = process.WaitForExit(kPatience);
  if (!code.has_value() || (*code != 0 && (finish || *code != 128 + SIGKILL))) {
    process.Kill();
    return absl::InternalError(absl::StrCat(
        "the stop ended with ", code.value_or(-1), ": ", process.err()));
  }
  return LosePower();
}

absl::Status LedgerLife::LosePower() {
  const auto cut = ledger_.LosePower(
      no_sync_ ? Unsynced::kGone : Unsynced::kRandomly, random_);
  RETURN_IF_ERROR(cut.status());
  tally_.cut_bytes += cut->lost_bytes;
  tally_.cut_names += cut->lost_names;
  tally_.syncs += cut->synced_calls;
  return absl::OkStatus();
}

absl::Status LedgerLife::Audit() {
  const std::string& folder = ledger_.folder();
  std::vector<std::string> trust = {"trust",        "make",
                                    "--origin",     ledger_.origin(),
                                    "--ledger-key", folder + "/ed25519.pem",
                                    "--ledger-key", folder + "/sm2.pem",
                                    "--root-key",   folder + "/sm2.pem",
                                    "--out",        folder + "/trust.json"};
  std::vector<Command> commands;
  for (const char* algorithm : {"sm2", "p256"}) {
    const std::string path = absl::StrCat(folder, "/", algorithm, "-ca.pem");
    commands.push_back(
        {"dataip",
         {"keys", "ca", "--use", "issuing", "--algorithm", algorithm, "--name",
          "crash", "--out", path, "--out-key", path + ".key"}});
    trust.insert(trust.end(), {"--issuing-ca", path});
  }
  commands.push_back({"dataip", trust});
  commands.push_back(
      {"dataip",
       {"ledger", "export", folder + "/export", "--ledger", ledger_.address(),
        "--trust", folder + "/trust.json", "--state", folder + "/state"}});
  commands.push_back({"dataip-audit",
                      {folder + "/export", "--trust", folder + "/trust.json",
                       "--hashes-only"}});
  for (const Command& command : commands) {
    const Ended ended = test::Run(command);
    if (ended.exit_code != 0) {
      return absl::DataLossError(absl::StrCat(command.program, " ",
                                              command.arguments[0], ": ",
                                              ended.out, ended.err));
    }
  }
  ++tally_.audits;
  return absl::OkStatus();
}

absl::Status LedgerLife::Finish() {
  story_ = "the last start";
  RETURN_IF_ERROR(StartAndCheck());
  if (contents_.size > 0 && !no_sync_) RETURN_IF_ERROR(Audit());
  const auto code = ledger_.process().Stop();
  if (code == 0) return absl::OkStatus();
  return absl::InternalError("the last stop: " + ledger_.process().err());
}

}  // namespace dataip::test
