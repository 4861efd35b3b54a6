#include "client/cli/decision.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "client/cli/batch.h"
#include "client/command.h"
#include "client/in_flight.h"
#include "client/pki/key_file.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// One who signs, or two.
struct Signing {
  std::vector<std::string> numbers;
  std::vector<crypto::PrivateKey> keys;
  std::string actor;
  bool two_officers = false;
};

absl::StatusOr<v1::Command> CommandFor(Invocation& invocation, const Act& act,
                                       const Signing& signing,
                                       const std::string& number) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const uint64_t version, act.version_of(*registry, number));
  ASSIGN_OR_RETURN(v1::Command command,
                   invocation.NewCommand(signing.actor, signing.two_officers));
  command.set_version(version);
  act.fill(number, command);
  return command;
}

std::vector<v1::Opening> OpeningsFor(const Act& act,
                                     const std::string& number) {
  return act.openings_of ? act.openings_of(number) : act.openings;
}

// In their order, each once: the second decision on an object would be
// refused.
std::vector<std::string> WithoutRepeats(
    const std::vector<std::string>& numbers) {
  std::set<std::string> seen;
  std::vector<std::string> once;
  for (const std::string& number : numbers) {
    if (seen.insert(number).second) once.push_back(number);
  }
  return once;
}

absl::StatusOr<int> SignHalf(Invocation& invocation, const Act& act,
                             const Signing& signing) {
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  CommandFile file;
  file.origin = info->origin();
  file.commands.resize(signing.numbers.size());
  std::vector<absl::Status> made(signing.numbers.size());
  ForEachInFlight(signing.numbers.size(), kCommandsInFlight, [&](size_t i) {
    const auto command =
        CommandFor(invocation, act, signing, signing.numbers[i]);
    if (!command.ok()) {
      made[i] = command.status();
      return false;
    }
    auto signed_command = SignCommand(*command, info->origin(), signing.keys);
    made[i] = signed_command.status();
    if (made[i].ok()) {
      file.commands[i].command = *std::move(signed_command);
      file.commands[i].openings = OpeningsFor(act, signing.numbers[i]);
    }
    return made[i].ok();
  });
  for (const absl::Status& status : made) RETURN_IF_ERROR(status);
  return WriteHalfSigned(invocation, file);
}

absl::StatusOr<int> SendEach(Invocation& invocation, const Act& act,
                             const Signing& signing) {
  RETURN_IF_ERROR(invocation.RegistryInfo().status());
  std::vector<BatchItem> items;
  for (const std::string& number : signing.numbers) {
    items.push_back({number});
  }
  const ExitCode code = RunBatch(
      invocation, items,
      [&](size_t i) -> absl::StatusOr<v1::SubmitCommandResponse> {
        ASSIGN_OR_RETURN(
            const v1::Command command,
            CommandFor(invocation, act, signing, signing.numbers[i]));
        return invocation.Submit(command, signing.keys,
                                 OpeningsFor(act, signing.numbers[i]));
      },
      act.in_order ? 1 : kCommandsInFlight);
  PrintBatch(invocation, items);
  return code;
}

}  // namespace

VersionOf ApplicationVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto found, registry.GetApplication(number));
    return found.application().version();
  };
}

VersionOf DraftVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto found, registry.GetDraft(number));
    return found.draft().version();
  };
}

VersionOf ObjectionVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto found, registry.GetObjection(number));
    return found.objection().version();
  };
}

VersionOf RequestVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto found, registry.GetRequest(number));
    return found.request().version();
  };
}

VersionOf CertificateVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto found, registry.GetCertificate(number));
    return found.certificate().status().version();
  };
}

VersionOf LicenceVersion() {
  return [](RegistryClient& registry,
            const std::string& number) -> absl::StatusOr<uint64_t> {
    ASSIGN_OR_RETURN(const auto found, registry.GetLicence(number));
    return found.licence().version();
  };
}

VersionOf NoVersion() {
  return [](RegistryClient&, const std::string&) -> absl::StatusOr<uint64_t> {
    return 0;
  };
}

FlagRule HalfSignedFlag() {
  return {.name = "--out",
          .value = "FILE",
          .help = "writes the half-signed commands instead of sending them"};
}

FlagRule InOrderFlag() {
  return {.name = "--in-order",
          .help =
              "sends one by one, so that new numbers follow the order; "
              "slower"};
}

absl::StatusOr<int> WriteHalfSigned(Invocation& invocation,
                                    const CommandFile& file) {
  const std::string out = invocation.Text("--out");
  RETURN_IF_ERROR(
      WriteNewFile(out, FormatCommandFile(file), Access::kEveryone));
  invocation.Say(
      absl::StrCat("已写入 ", file.commands.size(),
                   " 件待签命令 (half-signed commands written): ", out));
  if (invocation.json()) invocation.Print(FormatCommandFile(file));
  return kExitOk;
}

absl::StatusOr<int> ActByTwoOfficers(Invocation& invocation, const Act& act) {
  ASSIGN_OR_RETURN(const auto numbers, invocation.WordsOrStdin());
  return ActByTwoOfficers(invocation, act, numbers);
}

absl::StatusOr<int> ActByTwoOfficers(Invocation& invocation, const Act& act,
                                     const std::vector<std::string>& numbers) {
  const bool half_signed = invocation.Has("--out");
  Signing signing;
  signing.two_officers = true;
  ASSIGN_OR_RETURN(signing.keys, invocation.Keys(half_signed ? 1 : 2, 2));
  signing.numbers = WithoutRepeats(numbers);
  ASSIGN_OR_RETURN(signing.actor,
                   invocation.ActorOf(signing.keys.front().public_key()));
  if (half_signed) return SignHalf(invocation, act, signing);
  return SendEach(invocation, act, signing);
}

absl::StatusOr<int> ActOnEach(Invocation& invocation, const Act& act) {
  ASSIGN_OR_RETURN(const auto numbers, invocation.WordsOrStdin());
  return ActOnEach(invocation, act, numbers);
}

absl::StatusOr<int> ActOnEach(Invocation& invocation, const Act& act,
                              const std::vector<std::string>& numbers) {
  Signing signing;
  ASSIGN_OR_RETURN(signing.keys, invocation.Keys(1, 1));
  signing.numbers = WithoutRepeats(numbers);
  ASSIGN_OR_RETURN(signing.actor,
                   invocation.ActorOf(signing.keys.front().public_key()));
  return SendEach(invocation, act, signing);
}

absl::StatusOr<int> ActOnOne(
    Invocation& invocation, const Act& act,
    const std::pair<std::string, std::string>& object) {
  Signing signing;
  ASSIGN_OR_RETURN(signing.keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(signing.actor,
                   invocation.ActorOf(signing.keys.front().public_key()));
  ASSIGN_OR_RETURN(const v1::Command command,
                   CommandFor(invocation, act, signing, object.second));
  ASSIGN_OR_RETURN(const auto response,
                   invocation.Submit(command, signing.keys, act.openings));
  Record record;
  if (!object.second.empty()) record.push_back(object);
  record.push_back({"结果", OutcomeText(response)});
  record.push_back({"账本序号", absl::StrCat(response.receipt().index())});
  invocation.PrintMessage(response, record);
  return kExitOk;
}

}  // namespace dataip::client
