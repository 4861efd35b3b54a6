// A ledger and witnesses in one process: real ones behind a transport that
// can lose, delay and forge answers.
#include "services/ledger/witnesses.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/proof/note.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/ledger/ledger_fixture.h"
#include "tests/unit/services/ledger/witness_line.h"

namespace dataip::ledger {
namespace {

using ::dataip::testing::StatusIs;

class WitnessesTest : public ::testing::Test, public LedgerFixture {
 protected:
  void SetUp() override {
    std::string log = options.signing.origin;
    for (const auto& signer : options.signing.signers) {
      absl::StrAppend(&log, " ", signer.vkey());
    }
    WitnessOptions& asked = options.witnesses;
    for (size_t i = 0; i < lines.size(); ++i) {
      lines[i].Open(log);
      const std::string url = absl::StrCat("https://w", i);
      asked.witnesses.push_back(lines[i].Setting(url));
      verifiers.push_back(asked.witnesses.back().key);
    }
    asked.quorum = 2;
    asked.interval = std::chrono::milliseconds(20);
    asked.transport.time_s = [] {
      return static_cast<int64_t>(witness::kNow_s);
    };
    asked.transport.fetch = [this](const services::HttpCall& call) {
      return lines[call.url.find("w1") != std::string::npos ? 1 : 0].Fetch(
          call);
    };
  }

  // The ledger asks until its end.
  void TearDown() override { Close(); }

  void OpenIt() {
    ASSERT_OK(Open());
    ASSERT_OK_AND_ASSIGN(const auto opened, OpenWriter());
    epoch = opened.epoch;
    sequence = 0;
  }

  // One more entry, acknowledged; the size of which it is part.
  uint64_t AppendOne() {
    const auto receipt =
        Append(Make({.epoch = epoch, .sequence = sequence++, .text = text}));
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return receipt.ok() ? receipt->first_index + 1 : 0;
  }

  // How many of the two have cosigned it; the ledger's keys have to.
  size_t Cosigned(const State& state) {
    const auto& signing = options.signing;
    EXPECT_TRUE(ReadNote(state.note, signing.origin, signing.verifiers).ok());
    const auto verified = crypto::VerifyNote(state.note, verifiers);
    EXPECT_TRUE(verified.ok()) << verified.status();
    if (!verified.ok()) return 0;
    return verified->signed_by[0] + verified->signed_by[1];
  }

  // Until the newest checkpoint has so many cosignatures.
  void WaitForCosigned(size_t wanted) {
    while (true) {
      const uint64_t size = AppendOne();
      const auto state = WaitForCheckpoint(size);
      if (Cosigned(*state) == wanted) return;
    }
  }

  // The rounds that have begun are finished; none reaches the quorum later.
  void Restart() {
    Close();
    for (Line& line : lines) line.Set(Line::State::kAway);
    OpenIt();
  }

  void WaitForRefusal() {
    std::promise<void> refused;
    ledger->halting().Then([&refused] { refused.set_value(); });
    refused.get_future().wait();
  }

  std::vector<Line> lines = std::vector<Line>(2);
  std::vector<crypto::NoteVerifier> verifiers;
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  std::string text = "payload";
};

TEST_F(WitnessesTest, ServesTheFirstCheckpointWithBothLines) {
  OpenIt();
  EXPECT_EQ(Cosigned(*WaitForCheckpoint(AppendOne())), 2u);
}

TEST_F(WitnessesTest, MeasuresThatNobodyContradictsFromTheStart) {
  services::Metrics metrics;
  options.metrics = &metrics;
  OpenIt();
  EXPECT_TRUE(absl::StrContains(metrics.Text(),
                                "\ndataip_ledger_witness_conflict 0\n"));
  Close();
}

TEST_F(WitnessesTest, PublishesUnwitnessedAndWitnessedAgain) {
  OpenIt();
  WaitForCosigned(2);
  lines[1].Set(Line::State::kAway);
  EXPECT_LT(Cosigned(*WaitForCheckpoint(AppendOne())), 2u);
  // The one that is there is asked on, beside.
  while (Cosigned(*ledger->states().Newest()) < 1) lines[1].WaitForCalls(1);
  lines[1].Set(Line::State::kGood);
  WaitForCosigned(2);
}

TEST_F(WitnessesTest, AddsTheLinesToAQuietLedger) {
  lines[0].Set(Line::State::kAway);
  OpenIt();
  const uint64_t size = WaitForCheckpoint(AppendOne())->size;
  lines[0].Set(Line::State::kGood);
  lines[0].WaitForFirstCosignature();
  Restart();
  EXPECT_EQ(Cosigned(*ledger->states().Newest()), 2u);
  EXPECT_EQ(ledger->states().Newest()->size, size);
}

// Quorum two of two: the round ends when the silent one does.
TEST_F(WitnessesTest, PublishesBesideARoundThatTakesLong) {
  options.witnesses.transport.timeout = std::chrono::hours(1);
  lines[1].Set(Line::State::kAway);
  OpenIt();
  WaitForCheckpoint(AppendOne());
  lines[1].Set(Line::State::kSilent);
  lines[1].WaitForCalls(1);
  uint64_t size = 0;
  for (int i = 0; i < 5; ++i) size = WaitForCheckpoint(AppendOne())->size;
  // What it was asked for is no longer the newest: that gets its lines, too,
  // though nothing is appended any more.
  lines[1].Set(Line::State::kGood);
  lines[0].WaitForSize(size);
  lines[1].WaitForSize(size);
  Restart();
  EXPECT_EQ(ledger->states().Newest()->size, size);
  EXPECT_EQ(Cosigned(*ledger->states().Newest()), 2u);
}

TEST_F(WitnessesTest, HoldsWhatIsNotWitnessedAndSignsOn) {
  options.witnesses.policy = WitnessPolicy::kHold;
  OpenIt();
  const auto served = WaitForCheckpoint(AppendOne());
  lines[1].Set(Line::State::kAway);
  const uint64_t held = AppendOne();
  lines[0].WaitForSize(held);
  lines[0].WaitForCalls(3);
  EXPECT_EQ(ledger->states().Newest()->size, served->size);
  // Over a start too, which serves what was served.
  Close();
  OpenIt();
  EXPECT_EQ(ledger->states().Newest()->note, served->note);
  lines[1].Set(Line::State::kGood);
  EXPECT_EQ(Cosigned(*WaitForCheckpoint(held)), 2u);
}

TEST_F(WitnessesTest, CatchesUpAfterALostAnswer) {
  OpenIt();
  WaitForCosigned(2);
  lines[0].Set(Line::State::kAnswerLost);
  WaitForCheckpoint(AppendOne());
  lines[0].Set(Line::State::kGood);
  WaitForCosigned(2);
}

TEST_F(WitnessesTest, StartsWithWhatItServed) {
  OpenIt();
  WaitForCosigned(2);
  const std::string note = WaitForCheckpoint()->note;
  Close();
  for (Line& line : lines) line.Set(Line::State::kAway);
  OpenIt();
  EXPECT_EQ(ledger->states().Newest()->note, note);
}

TEST_F(WitnessesTest, DropsWhatIsNoCosignatureOfThisCheckpoint) {
  OpenIt();
  WaitForCosigned(2);
  const auto note = proof::ParseNote(WaitForCheckpoint()->note);
  ASSERT_TRUE(note.ok());
  // A true line of the witness, over an older checkpoint.
  const std::string old_line = proof::FormatSignatureLine(
      *std::find_if(note->signatures.begin(), note->signatures.end(),
                    [&](const proof::SignatureLine& line) {
                      return proof::IsLineOf(verifiers[0].note_key(), line);
                    }));
  for (const std::string& body :
       {old_line, std::string("\u2014 other.example AAAAAAE=\n"),
        std::string("no line"), std::string()}) {
    lines[0].Forge({.status = 200, .body = body});
    const uint64_t size = AppendOne();
    lines[0].WaitForCalls(2);
    EXPECT_LT(Cosigned(*WaitForCheckpoint(size)), 2u) << body;
  }
}

TEST_F(WitnessesTest, DoesNotBelieveAClockFarFromItsOwn) {
  options.witnesses.transport.time_s = [] {
    return static_cast<int64_t>(witness::kNow_s) + limits::kCosignatureSkewS +
           1;
  };
  OpenIt();
  EXPECT_EQ(Cosigned(*WaitForCheckpoint(AppendOne())), 0u);
}

TEST_F(WitnessesTest, SignsNoMoreWhenAWitnessHasSeenMore) {
  OpenIt();
  WaitForCosigned(2);
  lines[1].Claim("1000000\n", std::numeric_limits<int>::max());
  const uint64_t size = AppendOne();
  WaitForRefusal();
  EXPECT_LT(ledger->states().Newest()->size, size + 2);
  Close();
  const absl::Status refused = Open();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StrContains(refused.message(), "1000000")) << refused;
  const auto detail = client::ErrorDetailOf(refused);
  ASSERT_TRUE(detail.has_value());
  EXPECT_TRUE(absl::StrContains(detail->message_zh(), "1000000"));
}

TEST_F(WitnessesTest, SignsNoMoreWhenAWitnessHasAnotherTree) {
  OpenIt();
  WaitForCosigned(2);
  // No proof from our tree is good enough for it.
  lines[0].Forge({.status = 422});
  AppendOne();
  WaitForRefusal();
}

// A proxy's answer, or one that was forged on the way.
TEST_F(WitnessesTest, GoesOnAfterAClaimThatIsNotRepeated) {
  OpenIt();
  WaitForCosigned(2);
  for (int i = 0; i < limits::kConflictClaims; ++i) {
    lines[1].Claim("1000000\n", limits::kConflictClaims - 1);
    WaitForCosigned(2);
  }
  Close();
  lines[1].Claim("1000000\n", 1);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(WitnessesTest, DoesNotStartFromAnEarlierDay) {
  OpenIt();
  WaitForCosigned(2);
  Close();
  std::filesystem::copy(dir / "db", dir / "older",
                        std::filesystem::copy_options::recursive);
  const std::string published = test::ReadFile(dir / "published");
  OpenIt();
  WaitForCosigned(2);
  Close();
  std::filesystem::remove_all(dir / "db");
  std::filesystem::rename(dir / "older", dir / "db");
  test::WriteFile(dir / "published", published);
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(WitnessesTest, DoesNotBeginAnewUnderAnOldName) {
  OpenIt();
  WaitForCosigned(2);
  Close();
  std::filesystem::remove_all(dir / "db");
  std::filesystem::remove(dir / "published");
  tail = {};
  text = "another history";
  OpenIt();  // nothing was signed yet, so nobody can be asked
  AppendOne();
  WaitForRefusal();
  EXPECT_EQ(ledger->states().Newest(), nullptr);
}

TEST(WitnessOptions, TakesPlainHttpOfThisMachine) {
  const Line one;
  for (const char* url :
       {"http://127.0.0.1:7103", "http://[::1]:7103/w", "http://localhost/"}) {
    const std::string line = absl::StrCat(one.vkey(), " ", url);
    EXPECT_TRUE(WitnessOptions::From({line}, 1, "hold").ok()) << line;
  }
}

TEST(WitnessOptions, RefusesSettingsThatDoNotFit) {
  const Line one;
  const std::string line = absl::StrCat(one.vkey(), " https://w");
  EXPECT_TRUE(WitnessOptions::From({}, 0, "publish").ok());
  EXPECT_TRUE(WitnessOptions::From({line}, 1, "hold").ok());
  EXPECT_FALSE(WitnessOptions::From({line}, 0, "hold").ok());
  EXPECT_FALSE(WitnessOptions::From({line}, 2, "hold").ok());
  EXPECT_FALSE(WitnessOptions::From({line}, 1, "").ok());
  EXPECT_FALSE(WitnessOptions::From({}, 0, "hold").ok());
  EXPECT_FALSE(WitnessOptions::From({}, 1, "publish").ok());
  EXPECT_FALSE(WitnessOptions::From({line, line}, 1, "hold").ok());
  for (const std::string& wrong :
       {std::string(), one.vkey(), absl::StrCat(one.vkey(), " ftp://w"),
        absl::StrCat(one.vkey(), " https://w?x"),
        absl::StrCat(one.vkey(), " http://w"),
        absl::StrCat(one.vkey(), " http://127.0.0.1.example"),
        absl::StrCat(one.vkey(), " https://w:0"),
        absl::StrCat(one.vkey(), " https://w:99999"), line + " more"}) {
    EXPECT_FALSE(WitnessOptions::From({wrong}, 1, "hold").ok()) << wrong;
  }
}

}  // namespace
}  // namespace dataip::ledger
