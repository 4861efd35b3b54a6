// What a loss of power once took from a ledger.
#include <filesystem>

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

}  // namespace
}  // namespace dataip::test
