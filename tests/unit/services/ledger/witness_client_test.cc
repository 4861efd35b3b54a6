#include "services/ledger/witness_client.h"

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/unit/services/witness/log_fixture.h"

namespace dataip::ledger {
namespace {

constexpr uint64_t kOldSize = 5;
constexpr uint64_t kSize = 8;

// Asked for what the log has signed, with proofs from the tree that is on the
// ledger's disk; the witness has seen less, and refuses every proof.
class WitnessClientTest : public ::testing::Test {
 protected:
  WitnessClientTest() {
    log.Grow(kSize);
    transport.time_s = [] { return static_cast<int64_t>(witness::kNow_s); };
    transport.fetch = [this](const services::HttpCall&) {
      ++calls;
      return calls == 1
                 ? services::HttpResponse{.status = 409,
                                          .content_type = "text/x.tlog.size",
                                          .body = absl::StrCat(kOldSize, "\n")}
                 : services::HttpResponse{.status = 422};
    };
  }

  // What comes of the second request, which has a proof.
  WitnessAnswer AskTwice(const proof::StoredTree& disk) {
    const witness::WitnessFixture there;
    const auto setting =
        WitnessSetting::Parse(absl::StrCat(there.vkey(), " https://w"));
    WitnessClient client(*setting, transport, [&] { return disk.reader(); });
    const SignedCheckpoint checkpoint{kSize, log.Note(kSize)};
    const std::atomic<uint64_t> largest_signed = kSize;
    EXPECT_EQ(client.Ask(checkpoint, largest_signed).found,
              WitnessFound::kBehind);
    return client.Ask(checkpoint, largest_signed);
  }

  // Leaves as the log's, but for one.
  static proof::StoredTree TreeWithout(uint64_t leaf) {
    proof::StoredTree tree;
    for (uint64_t i = 0; i < kSize; ++i) {
      const std::string text = i == leaf ? "flipped" : std::to_string(i);
      tree.Append(hash::LeafHash(hash::AsBytes(text)));
    }
    return tree;
  }

  witness::TestLog log{"ledger.example/one", /*sm2=*/true};
  WitnessTransport transport;
  int calls = 0;
};

TEST_F(WitnessClientTest, DoesNotAskWithATreeThatIsNotTheSignedOne) {
  for (uint64_t leaf = 0; leaf < kSize; ++leaf) {
    calls = 0;
    const WitnessAnswer answer = AskTwice(TreeWithout(leaf));
    EXPECT_EQ(answer.found, WitnessFound::kFailed) << leaf;
    EXPECT_EQ(calls, 1) << leaf;
  }
}

TEST_F(WitnessClientTest, SeesTwoHistoriesWhenAGoodProofIsRefused) {
  EXPECT_EQ(AskTwice(TreeWithout(kSize)).found, WitnessFound::kConflict);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace dataip::ledger
