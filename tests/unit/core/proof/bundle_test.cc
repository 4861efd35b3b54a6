// The steps without any cryptography library: signatures are answered from
// what an untouched bundle asks. Which forged bundle fails where is in
// tests/conformance/vectors/bundle.json.
#include "core/proof/bundle.h"

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <tuple>

#include "core/base/hex.h"
#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

constexpr int64_t kDayMs = 86'400'000;

// The first bundle of the vectors, which is genuine and in force.
std::string GenuineBundle() {
  std::ifstream file(DATAIP_SOURCE_DIR
                     "/tests/conformance/vectors/bundle.json");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string name = "\"bundle\": \"";
  const size_t begin = text.find(name) + name.size();
  const auto bytes = base::HexDecode(
      std::string_view(text).substr(begin, text.find('"', begin) - begin));
  return bytes ? std::string(bytes->begin(), bytes->end()) : "";
}

std::vector<std::string> VectorVkeys() {
  std::ifstream file(DATAIP_SOURCE_DIR
                     "/tests/conformance/vectors/bundle.json");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<std::string> vkeys;
  size_t at = text.find("\\\"ledger_keys\\\": [");
  const size_t end = text.find(']', at);
  at = text.find("[", at);
  while ((at = text.find("\\\"", at)) < end) {
    const size_t close = text.find("\\\"", at + 2);
    vkeys.push_back(text.substr(at + 2, close - at - 2));
    at = close + 2;
  }
  return vkeys;
}

std::tuple<int, std::string, std::string, std::string, std::vector<std::string>,
           std::string, int64_t>
Contents(const SignatureQuestion& q) {
  return {static_cast<int>(q.algorithm),
          q.key,
          q.message,
          q.signature,
          q.chain,
          q.key_id,
          q.at_ms};
}

class BundleSteps : public ::testing::Test {
 protected:
  BundleSteps() : bytes_(GenuineBundle()) {
    trust_.origin = "ledger.example/vectors";
    for (const std::string& vkey : VectorVkeys()) {
      trust_.ledger_keys.push_back(*ParseVkey(vkey));
    }
    trust_.max_age_ms = 7 * kDayMs;
    const OpenedBundle opened = Open(bytes_);
    for (const auto& question : opened.questions) {
      genuine_.insert(Contents(question));
    }
    ask_.now_ms = opened.seal ? opened.seal->time_ms + kDayMs : 0;
  }

  OpenedBundle Open(const std::string& bytes) const {
    return OpenBundle(hash::AsBytes(bytes), trust_);
  }

  // Signatures hold for just what the genuine bundle asks.
  BundleReport Conclude(const std::string& bytes) const {
    const OpenedBundle opened = Open(bytes);
    std::vector<SignatureAnswer> answers;
    for (const auto& question : opened.questions) {
      const bool holds = genuine_.count(Contents(question)) > 0;
      answers.push_back({holds ? SignatureAnswer::Result::kHolds
                               : SignatureAnswer::Result::kFails,
                         "", ""});
    }
    return ConcludeBundle(opened, answers, ask_);
  }

  std::string bytes_;
  BundleTrust trust_;
  BundleAsk ask_;
  std::set<std::tuple<int, std::string, std::string, std::string,
                      std::vector<std::string>, std::string, int64_t>>
      genuine_;
};

TEST_F(BundleSteps, AskForFourSignatures) {
  ASSERT_EQ(trust_.ledger_keys.size(), 2u);
  const OpenedBundle opened = Open(bytes_);
  ASSERT_EQ(opened.questions.size(), 4u);
  EXPECT_EQ(opened.questions[0].step, 2);
  EXPECT_EQ(opened.questions[3].step, 5);
  EXPECT_FALSE(opened.questions[3].chain.empty());
  EXPECT_EQ(Conclude(bytes_).conclusion, Conclusion::kInForce);
}

TEST_F(BundleSteps, NeverGenuineWithAnyBitFlipped) {
  for (size_t bit = 0; bit < 8 * bytes_.size(); ++bit) {
    std::string flipped = bytes_;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const Conclusion conclusion = Conclude(flipped).conclusion;
    ASSERT_TRUE(conclusion == Conclusion::kNotGenuine ||
                conclusion == Conclusion::kCannotDecide)
        << "bit " << bit;
  }
}

TEST_F(BundleSteps, NeverGenuineWhenTruncatedOrExtended) {
  for (size_t size = 1; size < bytes_.size(); ++size) {
    ASSERT_EQ(Conclude(bytes_.substr(0, size)).conclusion,
              Conclusion::kNotGenuine)
        << size;
  }
  EXPECT_EQ(Conclude("").conclusion, Conclusion::kCannotDecide);
  EXPECT_EQ(Conclude(bytes_ + "x").conclusion, Conclusion::kNotGenuine);
  EXPECT_EQ(Conclude(bytes_ + bytes_).conclusion, Conclusion::kNotGenuine);
}

TEST_F(BundleSteps, OneSignatureThatFailsIsNotGenuine) {
  const OpenedBundle opened = Open(bytes_);
  for (size_t i = 0; i < opened.questions.size(); ++i) {
    std::vector<SignatureAnswer> answers(
        opened.questions.size(), {SignatureAnswer::Result::kHolds, "", ""});
    answers[i].result = SignatureAnswer::Result::kFails;
    EXPECT_EQ(ConcludeBundle(opened, answers, ask_).conclusion,
              Conclusion::kNotGenuine);
    answers[i].result = SignatureAnswer::Result::kCouldNotCheck;
    EXPECT_EQ(ConcludeBundle(opened, answers, ask_).conclusion,
              Conclusion::kCannotDecide);
    answers.pop_back();
    EXPECT_EQ(ConcludeBundle(opened, answers, ask_).conclusion,
              Conclusion::kCannotDecide);
  }
  EXPECT_EQ(ConcludeBundle(opened, {}, ask_).conclusion,
            Conclusion::kCannotDecide);
}

TEST_F(BundleSteps, LinesAreInTheOrderOfTheSteps) {
  const BundleReport report = Conclude(bytes_);
  std::set<int> steps;
  int last = 0;
  for (const StepLine& line : report.lines) {
    EXPECT_GE(line.step, last);
    EXPECT_FALSE(line.claim_en.empty());
    EXPECT_FALSE(line.claim_zh.empty());
    last = line.step;
    steps.insert(line.step);
  }
  EXPECT_EQ(steps, (std::set<int>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(ShanghaiDay, ChangesAtMidnightInShanghai) {
  EXPECT_EQ(ShanghaiDay(0), "1970-01-01");
  EXPECT_EQ(ShanghaiDay(57'599'999), "1970-01-01");
  EXPECT_EQ(ShanghaiDay(57'600'000), "1970-01-02");
  EXPECT_EQ(ShanghaiDay(1'709'136'000'000), "2024-02-29");
  EXPECT_EQ(ShanghaiDay(1'709'222'400'000), "2024-03-01");
  EXPECT_EQ(ShanghaiDay(1'735'660'799'999), "2024-12-31");
  EXPECT_EQ(ShanghaiDay(4'107'513'599'999), "2100-02-28");
  EXPECT_EQ(ShanghaiDay(4'107'513'600'000), "2100-03-01");
}

}  // namespace
}  // namespace dataip::proof
