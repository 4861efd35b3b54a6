// One run of one command: its words and flags, its settings, where it prints,
// and the servers, keys and trust that it may ask for. Everything is made at
// the first call that needs it, so that an offline command touches no server.
//
// One thread, but for what says otherwise (RegistryClient and LedgerClient are
// thread safe once made).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/arguments.h"
#include "client/cli/exit_codes.h"
#include "client/cli/output.h"
#include "client/cli/settings.h"
#include "core/crypto/signer.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace dataip::registry::v1 {
class Command;
class GetRegistryResponse;
class Opening;
class SubmitCommandResponse;
}  // namespace dataip::registry::v1

namespace dataip::client {

class CheckpointStore;
class LedgerClient;
class RegistryClient;

class Invocation {
 public:
  // `out` and `err` outlive it.
  Invocation(ParsedArguments arguments, Settings settings, std::ostream& out,
             std::ostream& err);
  ~Invocation();
  Invocation(const Invocation&) = delete;
  Invocation& operator=(const Invocation&) = delete;

  // The command line. Asking for a flag that the command does not have is a
  // bug and ends the process.
  const CommandSpec& command() const { return *arguments_.command; }
  const std::vector<std::string>& words() const { return arguments_.words; }
  bool Has(absl::string_view flag) const;  // given on the command line
  bool Switch(absl::string_view flag) const;
  // The value given, else the rule's default.
  std::string Text(absl::string_view flag) const;
  std::vector<std::string> List(absl::string_view flag) const;
  // INVALID_ARGUMENT unless decimal digits up to 2^63-1.
  absl::StatusOr<uint64_t> Number(absl::string_view flag) const;
  // The words; `-` as the only one stands for the words on stdin, one a line.
  absl::StatusOr<std::vector<std::string>> WordsOrStdin() const;

  // Printing.
  OutputForm form() const { return form_; }
  bool json() const { return form_ == OutputForm::kJson; }
  void Print(absl::string_view text);  // data: stdout, as it is
  // JSON of the message, or the record, by -o.
  void PrintMessage(const google::protobuf::Message& message,
                    const Record& record);
  // A JSON array of messages, or the table, by -o. As many rows as messages.
  void PrintList(
      const std::vector<const google::protobuf::Message*>& messages,
      const Table& table);
  void Say(absl::string_view line);  // talk: stderr, one line
  // Reports an error about one subject of several, by -o; the command goes on.
  void Report(absl::string_view subject, const absl::Status& status);

  // Settings.
  std::chrono::milliseconds timeout() const { return timeout_; }
  const Settings& settings() const { return settings_; }

  // Servers. INVALID_ARGUMENT when nobody gave the address.
  absl::StatusOr<RegistryClient*> Registry();  // --server
  absl::StatusOr<LedgerClient*> Ledger();      // --ledger
  bool HasLedger() const;
  // The kept checkpoints (--state); made on first use.
  absl::StatusOr<CheckpointStore*> Checkpoints();

  // Content of the --trust file. INVALID_ARGUMENT when nobody gave one or it
  // cannot be read.
  absl::StatusOr<std::string> TrustText();

  // --key, in the order given, at least `least` and at most `most`.
  absl::StatusOr<std::vector<crypto::PrivateKey>> Keys(size_t least = 1,
                                                       size_t most = 8);

  // What the registry is. Asked once and kept.
  absl::StatusOr<const registry::v1::GetRegistryResponse*> RegistryInfo();

  // --actor, else whose key this is by the registry's reads: root, an
  // officer, or a party. NOT_FOUND when it is nobody's.
  absl::StatusOr<std::string> ActorOf(const crypto::PublicKey& key);

  // A command with id, times by the registry's clock and `actor`; the caller
  // sets body and version. `officers_sign` = it carries two officers'
  // signatures and may live for the profile's cosign.window.
  absl::StatusOr<registry::v1::Command> NewCommand(const std::string& actor,
                                                   bool officers_sign = false);

  // Signs with `keys` and submits. Thread safe after the first call.
  absl::StatusOr<registry::v1::SubmitCommandResponse> Submit(
      const registry::v1::Command& command,
      const std::vector<crypto::PrivateKey>& keys,
      const std::vector<registry::v1::Opening>& openings = {});

 private:
  struct Kept;

  const FlagRule& RuleOf(absl::string_view flag) const;

  ParsedArguments arguments_;
  Settings settings_;
  std::ostream& out_;
  std::ostream& err_;
  OutputForm form_ = OutputForm::kTable;
  std::chrono::milliseconds timeout_{0};
  std::unique_ptr<Kept> kept_;
};

}  // namespace dataip::client
