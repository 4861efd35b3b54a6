#include "services/witness/witness.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/proof/add_checkpoint.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/witness/log_fixture.h"

namespace dataip::witness {
namespace {

using ::dataip::testing::StatusIs;
constexpr char kOrigin[] = "ledger.example/one";
constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

class WitnessTest : public ::testing::Test, public WitnessFixture {
 protected:
  void SetUp() override {
    log.Grow(40);
    foreign.Grow(40);
    Reopen();
  }

  void Reopen() {
    witness.reset();
    ASSERT_OK_AND_ASSIGN(witness, Open({log.Line(), foreign.Line()}));
  }

  int Status(const std::string& body) {
    return witness->AddCheckpoint(body).status;
  }

  // The answer is a cosignature of this note.
  void ExpectSigned(const Answer& answer, const std::string& note) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    ASSERT_OK_AND_ASSIGN(const auto verifier,
                         crypto::NoteVerifier::FromVkey(vkey()));
    ASSERT_OK_AND_ASSIGN(const auto verified,
                         crypto::VerifyNote(note + answer.body, {{verifier}}));
    EXPECT_TRUE(crypto::AllSigned(verified));
  }

  void ExpectConflict(const std::string& body, uint64_t size) {
    const Answer answer = witness->AddCheckpoint(body);
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, absl::StrCat(size, "\n"));
  }

  std::string FileOf(const std::string& origin) const {
    for (const auto& entry :
         std::filesystem::directory_iterator(dir / "data")) {
      const std::string path = entry.path();
      if (entry.path().extension() == ".checkpoint" &&
          test::ReadFile(path).rfind(origin + "\n", 0) == 0) {
        return path;
      }
    }
    return "";
  }

  TestLog log{kOrigin, /*sm2=*/true};
  TestLog foreign{"go.sum database tree", /*sm2=*/false};
  std::unique_ptr<Witness> witness;
};

TEST_F(WitnessTest, RefusesWhatIsNoRequest) {
  for (const std::string& body :
       {std::string(), std::string("old 0\n\n"), "old 00\n\n" + log.Note(5),
        "old  0\n\n" + log.Note(5), "0\n\n" + log.Note(5),
        "old 0\nAAAA\n\n" + log.Note(5), "old 0\n" + log.Note(5),
        "old 6\n\n" + log.Note(5),
        proof::FormatAddCheckpoint(1, proof::Path(64), log.Note(5))}) {
    EXPECT_EQ(Status(body), 400) << body;
  }
}

TEST_F(WitnessTest, RefusesLogsThatItDoesNotKnowAndNotesNotSigned) {
  TestLog unknown("ledger.example/two", true);
  unknown.Grow(5);
  EXPECT_EQ(Status(unknown.Request(0, 5)), 404);
  TestLog impostor(kOrigin, true);
  impostor.Grow(5);
  EXPECT_EQ(Status(impostor.Request(0, 5)), 403);
}

TEST_F(WitnessTest, DemandsBothKeysOfALedgerAndOneOfAnotherLog) {
  const std::string one_key = log.Note(5, log.Root(5), 1);
  EXPECT_EQ(Status("old 0\n\n" + one_key), 403);
  const std::string note = foreign.Note(5, foreign.Root(5), 1);
  ExpectSigned(witness->AddCheckpoint("old 0\n\n" + note), note);
}

TEST_F(WitnessTest, RefusesALineOfAKnownKeyThatDoesNotVerify) {
  std::string note = foreign.Note(5);
  note.replace(note.find("\n5\n"), 3, "\n6\n");
  EXPECT_EQ(Status("old 0\n\n" + note), 403);
}

TEST_F(WitnessTest, TakesExtensionLinesOfOtherLogsOnly) {
  const auto with = [](const TestLog& of) {
    return of.Note(5, of.Root(5), 2, "extension\n");
  };
  EXPECT_EQ(Status("old 0\n\n" + with(log)), 400);
  ExpectSigned(witness->AddCheckpoint("old 0\n\n" + with(foreign)),
               with(foreign));
}

TEST_F(WitnessTest, IgnoresLinesOfKeysThatItDoesNotKnow) {
  const std::string long_line =
      "\u2014 pq.example " + std::string(4'000, 'A') + "\n";
  const std::string note = foreign.Note(5) + long_line;
  EXPECT_EQ(Status("old 0\n\n" + note), 200);
}

TEST_F(WitnessTest, GoesOnFromCheckpointToCheckpoint) {
  uint64_t old_size = 0;
  for (const uint64_t size : {1, 2, 7, 8, 33, 40, 40}) {
    ExpectSigned(witness->AddCheckpoint(log.Request(old_size, size)),
                 log.Note(size));
    old_size = size;
  }
}

TEST_F(WitnessTest, WritesNothingToSignTheSameCheckpointAgain) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  const std::string path = FileOf(kOrigin);
  std::filesystem::remove(path);
  ExpectSigned(witness->AddCheckpoint(log.Request(8, 8)), log.Note(8));
  EXPECT_FALSE(std::filesystem::exists(path));
  // An empty tree that was signed is not a log that was not.
  ASSERT_EQ(Status(foreign.Request(0, 0)), 200);
  EXPECT_NE(FileOf(foreign.origin()), "");
  const std::string empty = test::ReadFile(FileOf(foreign.origin()));
  EXPECT_TRUE(empty.ends_with("=\n")) << empty;
}

TEST_F(WitnessTest, AnswersAnotherOldSizeWithItsOwn) {
  ExpectConflict(log.Request(5, 8), 0);
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  for (const uint64_t old_size : {0, 5, 9}) {
    ExpectConflict(log.Request(old_size, 12), 8);
  }
}

TEST_F(WitnessTest, RefusesTwoRootsOfOneSize) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  ExpectConflict("old 8\n\n" + log.Note(8, log.Root(7)), 8);
}

TEST_F(WitnessTest, RefusesWhatIsNotConsistent) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  const proof::Path path = log.PathFrom(8, 12);
  const std::pair<proof::Path, hash::Hash> cases[] = {
      {path, log.Root(11)},
      {{}, log.Root(12)},
      {log.PathFrom(7, 12), log.Root(12)}};
  for (const auto& [given, root] : cases) {
    EXPECT_EQ(Status(proof::FormatAddCheckpoint(8, given, log.Note(12, root))),
              422);
  }
  EXPECT_EQ(Status(proof::FormatAddCheckpoint(8, path, log.Note(8))), 422);
  EXPECT_EQ(Status(log.Request(8, 12)), 200);
}

size_t Lines(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Two public checkpoints in turn, by somebody without a key.
TEST_F(WitnessTest, KeepsSoMuchEvidenceAndNoMore) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 10 * kEvidenceLines; ++i) {
    const std::string note = log.Note(12 + static_cast<uint64_t>(i) % 2);
    ASSERT_EQ(Status("old 8\n\n" + note), 422);
  }
  EXPECT_EQ(Lines(::testing::internal::GetCapturedStderr()),
            size_t{kEvidenceLines});
  // What only the log's keys can make is kept all the same.
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 10; ++i) {
    ExpectConflict("old 8\n\n" + log.Note(8, log.Root(7)), 8);
  }
  EXPECT_EQ(Lines(::testing::internal::GetCapturedStderr()), 1u);
}

TEST_F(WitnessTest, RefusesAProofFromNothing) {
  EXPECT_EQ(
      Status(proof::FormatAddCheckpoint(0, log.PathFrom(4, 8), log.Note(8))),
      422);
}

TEST_F(WitnessTest, TakesAnEmptyTreeWithTheRootOfNothing) {
  const std::string wrong = foreign.Note(0, foreign.Root(1));
  EXPECT_EQ(Status("old 0\n\n" + wrong), 422);
  const std::string note = foreign.Note(0, proof::Frontier().Root());
  ExpectSigned(witness->AddCheckpoint("old 0\n\n" + note), note);
  EXPECT_EQ(Status(foreign.Request(0, 5)), 200);
}

TEST_F(WitnessTest, LetsOneOfTwoRequestsAtOnceWin) {
  for (uint64_t size = 1; size < 20; ++size) {
    std::atomic<int> won = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      // Each its own root: only one may be signed.
      const std::string body = proof::FormatAddCheckpoint(
          0, {},
          foreign.Note(size, hash::LeafHash(hash::AsBytes(std::to_string(i)))));
      threads.emplace_back([this, body, &won] {
        if (Status(body) == 200) ++won;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(won, size == 1 ? 1 : 0);
  }
}

TEST_F(WitnessTest, RemembersOverAStart) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  Reopen();
  ExpectConflict(log.Request(0, 12), 8);
  EXPECT_EQ(Status(log.Request(8, 12)), 200);
  // A log that is taken out of the configuration and comes back, too.
  witness.reset();
  ASSERT_OK(Open({foreign.Line()}).status());
  Reopen();
  ExpectConflict(log.Request(0, 12), 12);
}

TEST_F(WitnessTest, KeepsOtherProgramsOutOfItsFolder) {
  EXPECT_EQ(Open({log.Line()}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(WitnessTest, DoesNotStartWithoutAFileThatItKnows) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  const std::string path = FileOf(kOrigin);
  const std::string content = test::ReadFile(path);
  witness.reset();
  std::filesystem::remove(path);
  EXPECT_THAT(Open({log.Line()}), StatusIs(kDataLoss));
  for (const size_t at : {size_t{0}, content.find('8'), content.size() - 5}) {
    std::string flipped = content;
    flipped[at] ^= 1;
    test::WriteFile(path, flipped);
    EXPECT_THAT(Open({log.Line()}), StatusIs(kDataLoss)) << at;
  }
  test::WriteFile(path, content);
  ASSERT_OK(Open({log.Line()}).status());
}

TEST_F(WitnessTest, DoesNotStartWithoutItsIndexOrWithAnothers) {
  ASSERT_EQ(Status(log.Request(0, 8)), 200);
  witness.reset();
  const std::string index = dir / "data/witness";
  const std::string content = test::ReadFile(index);
  std::filesystem::remove(index);
  EXPECT_THAT(Open({log.Line()}), StatusIs(kDataLoss));
  test::WriteFile(index, content.substr(0, content.size() - 2));
  EXPECT_THAT(Open({log.Line()}), StatusIs(kDataLoss));
  test::WriteFile(index, content);
  const WitnessFixture other;
  key = other.key;
  // A slip in the configuration: nothing is lost, nothing is written.
  EXPECT_THAT(Open({log.Line()}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(test::ReadFile(index), content);
}

TEST(WatchedLog, RefusesLinesThatNameNoLog) {
  const TestLog log(kOrigin, true);
  const std::string line = log.Line();
  const std::string keys = line.substr(line.find(' '));
  for (const std::string& wrong :
       {std::string(), std::string(kOrigin), keys, line + " more",
        kOrigin + keys.substr(keys.rfind(' '))}) {
    EXPECT_FALSE(WatchedLog::Parse(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace dataip::witness
