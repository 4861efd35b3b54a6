// What a loss of power once took from a ledger and from a witness.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "client/pki/key_file.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "gtest/gtest.h"
#include "tests/support/shimmed_ledger.h"

namespace dataip::test {
namespace {

// Nobody had synced the name of the database's folder, but `published` was
// there.
TEST(LedgerWithoutPower, NewOneStartsAgainWithPublishedInAnotherFolder) {
  TempDir dir;
  LedgerSetup setup;
  setup.published_apart = true;
  ShimmedLedger ledger(dir.path(), setup);
  std::mt19937_64 random(1);
  ASSERT_TRUE(ledger.StartAndListen().ok());
  client::LedgerClient client = ledger.Connect();
  ledger::v1::OpenWriterRequest open;
  open.set_instance_id("test");
  const auto opened = client.OpenWriter(open);
  ASSERT_TRUE(opened.ok()) << opened.status();
  ledger.process().Kill();
  ASSERT_TRUE(ledger.LosePower(Unsynced::kGone, random).ok());
  EXPECT_TRUE(std::filesystem::exists(ledger.data_dir() + "/db/CURRENT"));
  const absl::Status again = ledger.StartAndListen();
  EXPECT_TRUE(again.ok()) << again;
}

// Nobody had synced the folders above its memory: after a loss of power it had
// none, and would have signed a second history.
TEST(WitnessWithoutPower, RemembersThatItWasThere) {
  TempDir dir;
  const Disk disk{dir / "disk", dir / "record"};
  std::filesystem::create_directory(disk.root);
  auto key = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  ASSERT_TRUE(key.ok());
  ASSERT_TRUE(client::WriteKeyFile(dir / "key.pem", *key).ok());
  const auto signer = crypto::NoteSigner::Create("log.example", *key);
  ASSERT_TRUE(signer.ok());
  const std::string memory = disk.root + "/var/lib/witness";
  ClearRecord(disk.record);
  Command command{
      "dataip-witness",
      {"--name", "witness.example/w", "--ed25519_key", dir / "key.pem",
       "--listen", "127.0.0.1:0", "--data_dir", memory, "--log",
       absl::StrCat("log.example ", signer->vkey())}};
  command.environment = {std::string("LD_PRELOAD=") + DATAIP_SHIM,
                         absl::StrCat(shim::kRootVariable, "=", disk.root),
                         absl::StrCat(shim::kRecordVariable, "=", disk.record)};
  const auto witness = Process::Start(command);
  ASSERT_TRUE(witness->WaitForAddress().has_value()) << witness->err();
  witness->Kill();
  std::mt19937_64 random(1);
  ASSERT_TRUE(CutToDurable(disk, Unsynced::kGone, random).ok());
  EXPECT_TRUE(std::filesystem::exists(memory + "/witness"));
}

}  // namespace
}  // namespace dataip::test
