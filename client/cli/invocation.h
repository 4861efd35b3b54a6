// One run of one command: its words and flags, its settings, where it prints,
// and the servers, keys and trust that it may ask for. Everything is made at
// the first call that needs it, so that an offline command touches no server.
//
// What asks a server (RegistryInfo, ActorOf, NewCommand, Submit, Report,
// KeepCheckpoint) is thread safe, and so are the two clients; the rest is for
// one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
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
class SubmitCommandRequest;
class SubmitCommandResponse;
}  // namespace dataip::registry::v1

namespace dataip::verify {
struct Trust;
}  // namespace dataip::verify

namespace dataip::client {

class LedgerClient;
class RegistryClient;

class Invocation {
 public:
  // Where it prints; they outlive it.
  struct Streams {
    std::ostream& out;
    std::ostream& err;
  };
  // INVALID_ARGUMENT: --output or --timeout is not one.
  static absl::StatusOr<std::unique_ptr<Invocation>> Create(
      ParsedArguments arguments, Settings settings, Streams streams);
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
  void PrintList(const std::vector<const google::protobuf::Message*>& messages,
                 const Table& table);
  // What was printed leaves now; false when nobody takes it.
  bool Flush();
  void Say(absl::string_view line);  // talk: stderr, one line
  // Reports an error about one subject of several, by -o; the command goes on.
  // `exit_code` when it is not that of the status.
  void Report(absl::string_view subject, const absl::Status& status,
              std::optional<ExitCode> exit_code = std::nullopt);

  // Settings.
  std::chrono::milliseconds timeout() const { return timeout_; }
  // That of the command line itself: for what has no end otherwise, which a
  // profile's timeout of calls must not give it.
  std::optional<std::chrono::milliseconds> given_timeout() const;
  const Settings& settings() const { return settings_; }

  // Servers. INVALID_ARGUMENT when nobody gave the address.
  absl::StatusOr<RegistryClient*> Registry();  // --server
  absl::StatusOr<LedgerClient*> Ledger();      // --ledger
  bool HasLedger() const;

  // The --trust file, parsed. INVALID_ARGUMENT when nobody gave one or it is
  // none; UNIMPLEMENTED when its format is higher.
  absl::StatusOr<const verify::Trust*> Trust();
  bool HasTrust() const;

  // Verifies a checkpoint by the trust file's keys and holds it against the
  // last one kept in --state (client/checkpoint_store.h), with the ledger's
  // consistency proof where --ledger is known. Does nothing without a trust
  // file. DATA_LOSS when a check fails.
  absl::Status KeepCheckpoint(absl::string_view note);

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

  // Signs with `keys` and submits. With a trust file the receipt is verified
  // and its checkpoint kept.
  absl::StatusOr<registry::v1::SubmitCommandResponse> Submit(
      const registry::v1::Command& command,
      const std::vector<crypto::PrivateKey>& keys);
  absl::StatusOr<registry::v1::SubmitCommandResponse> Submit(
      const registry::v1::Command& command,
      const std::vector<crypto::PrivateKey>& keys,
      const std::vector<registry::v1::Opening>& openings);

  // Sends what was signed before: same checks as Submit.
  absl::StatusOr<registry::v1::SubmitCommandResponse> Send(
      const registry::v1::SubmitCommandRequest& request);

 private:
  struct Kept;

  Invocation(ParsedArguments arguments, Settings settings, Streams streams);

  const FlagRule& RuleOf(absl::string_view flag) const;
  bool HasRule(absl::string_view flag) const;  // of this command

  ParsedArguments arguments_;
  Settings settings_;
  Streams streams_;
  OutputForm form_ = OutputForm::kTable;
  std::chrono::milliseconds timeout_{0};
  std::unique_ptr<Kept> kept_;
};

}  // namespace dataip::client
