#include "tests/support/shimmed_ledger.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/channel.h"
#include "client/pki/key_file.h"
#include "core/base/status_macros.h"
#include "core/crypto/signer.h"

namespace dataip::test {

ShimmedLedger::ShimmedLedger(const std::string& folder, LedgerSetup setup)
    : folder_(folder),
      setup_(std::move(setup)),
      disk_{folder + "/disk", folder + "/record"},
      origin_("test.example/shimmed") {
  std::filesystem::create_directory(disk_.root);
  std::string config = absl::StrCat("origin = ", origin_,
                                    "\nlisten = 127.0.0.1:0\n"
                                    "data_dir = disk/ledger/data\n"
                                    "ed25519_key = ed25519.pem\n"
                                    "sm2_key = sm2.pem\n"
                                    "checkpoint_interval_ms = 20\n");
  if (setup_.published_apart) {
    std::filesystem::create_directory(disk_.root + "/apart");
    config += "published_file = disk/apart/published\n";
  }
  WriteFile(folder_ + "/ledger.conf", config);
  AddKey("ed25519", crypto::Algorithm::kEd25519);
  AddKey("sm2", crypto::Algorithm::kSm2);
}

ShimmedLedger::~ShimmedLedger() {
  process_.reset();
  if (control_ != nullptr) munmap(control_, sizeof(shim::Control));
}

void ShimmedLedger::AddKey(const std::string& name,
                           crypto::Algorithm algorithm) {
  auto key = crypto::PrivateKey::Generate(algorithm);
  DATAIP_ASSERT(key.ok());
  const std::string path = absl::StrCat(folder_, "/", name, ".pem");
  DATAIP_ASSERT(client::WriteKeyFile(path, *key).ok());
  const auto signer = crypto::NoteSigner::Create(origin_, *std::move(key));
  DATAIP_ASSERT(signer.ok());
  auto verifier = crypto::NoteVerifier::FromVkey(signer->vkey());
  DATAIP_ASSERT(verifier.ok());
  verifiers_.push_back(*std::move(verifier));
}

void ShimmedLedger::MapControl() {
  if (control_ != nullptr) munmap(control_, sizeof(shim::Control));
  const std::string path = disk_.record + "/control";
  const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  DATAIP_ASSERT(fd >= 0);
  void* page = mmap(nullptr, sizeof(shim::Control), PROT_READ | PROT_WRITE,
                    MAP_SHARED, fd, 0);
  DATAIP_ASSERT(page != MAP_FAILED);
  close(fd);
  control_ = static_cast<shim::Control*>(page);
}

void ShimmedLedger::Start(uint64_t calls_to_live) {
  process_.reset();
  ClearRecord(disk_.record);
  MapControl();
  control_->calls_to_live = calls_to_live;
  Command command{"dataip-ledger", {"--config", folder_ + "/ledger.conf"}};
  command.arguments.insert(command.arguments.end(), setup_.flags.begin(),
                           setup_.flags.end());
  command.environment = {
      std::string("LD_PRELOAD=") + DATAIP_SHIM,
      absl::StrCat(shim::kRootVariable, "=", disk_.root),
      absl::StrCat(shim::kRecordVariable, "=", disk_.record)};
  if (setup_.no_sync) {
    command.environment.push_back(absl::StrCat(shim::kNoSyncVariable, "=1"));
  }
  process_ = Process::Start(command);
}

absl::Status ShimmedLedger::StartAndListen() {
  Start();
  const auto address = process_->WaitForAddress();
  if (!address.has_value()) {
    process_->Kill();
    return absl::InternalError(absl::StrCat(
        "the ledger does not start: exit ",
        process_->WaitForExit().value_or(-1), ": ", process_->err()));
  }
  address_ = *address;
  return absl::OkStatus();
}

absl::StatusOr<Cut> ShimmedLedger::LosePower(Unsynced unsynced,
                                             std::mt19937_64& random) {
  ASSIGN_OR_RETURN(Cut cut, CutToDurable(disk_, unsynced, random));
  if (!cut.escapes.empty()) {
    return absl::InternalError(
        absl::StrCat("a call escaped the shim: ", cut.escapes.front()));
  }
  return cut;
}

client::LedgerClient ShimmedLedger::Connect() const {
  auto channel = client::MakeChannel(address_, std::nullopt);
  DATAIP_ASSERT(channel.ok());
  return client::LedgerClient(*std::move(channel));
}

}  // namespace dataip::test
