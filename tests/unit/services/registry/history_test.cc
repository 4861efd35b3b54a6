// Whose history an event goes into, and who may be its actor.
#include "services/registry/history.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/core/registry/objection/objection_fixture.h"

namespace dataip::registryd {
namespace {

using ::dataip::testing::kApprover;
using ::dataip::testing::kExaminer;
using ::dataip::testing::ObjectionTest;
using ::dataip::testing::RegistryFixture;

class Histories : public ObjectionTest {
 protected:
  // Of a command that is then carried out.
  std::vector<HistoryLine> Of(const v1::Command& command,
                              const std::string& stream,
                              const RegistryFixture::Signers& by) {
    const registry::State before = fixture_.state();
    v1::Transition transition;
    for (const v1::Event& event : fixture_.Do(command, by)) {
      *transition.add_events() = event;
    }
    return HistoryOf(before, stream, transition);
  }

  // Names of the events in one history.
  static std::vector<std::string> In(const std::string& stream,
                                     const std::vector<HistoryLine>& lines) {
    std::vector<std::string> events;
    for (const HistoryLine& line : lines) {
      if (line.stream == stream) events.push_back(line.event);
    }
    return events;
  }

  const std::string application_ = "applications/" + application_no_;
};

using Names = std::vector<std::string>;

TEST_F(Histories, OfAnApplicationHaveWhatIsDoneToItsObjections) {
  const v1::Command file = FileCommand(fixture_.licensee);
  const auto filed = Of(file, "objections/O20240000001", {"licensee"});
  ASSERT_EQ(In(application_, filed), Names{"ObjectionFiled"});
  const std::string number = filed.front().objection_no;
  ASSERT_NE(registry::FindObjection(fixture_.state(), number), nullptr);
  const std::string objection = "objections/" + number;
  EXPECT_EQ(In(objection, filed), Names{"ObjectionFiled"});
  for (const HistoryLine& line : filed) {
    EXPECT_EQ(line.audience, Audience::kParties) << line.stream;
  }
  const auto accepted = Of(Accept(number), objection, {kExaminer});
  EXPECT_EQ(In(application_, accepted), Names{"ObjectionAccepted"});
  const auto withdrawn =
      Of(Withdraw(number, fixture_.licensee), objection, {"licensee"});
  const Names both = {"ObjectionWithdrawn", "NoticeResumed"};
  EXPECT_EQ(In(application_, withdrawn), both);
  EXPECT_EQ(In(objection, withdrawn), both);
  for (const HistoryLine& line : withdrawn) {
    EXPECT_EQ(line.objection_no, number) << "the objector acted";
    if (line.stream == application_) {
      EXPECT_EQ(line.audience, Audience::kAll);
    }
  }
}

TEST_F(Histories, OfAnObjectionHaveWhatEndsItsApplication) {
  const std::string first = File(fixture_.licensee, "licensee");
  const std::string second = File(fixture_.person, "person");
  for (const std::string& number : {first, second}) {
    fixture_.Do(Accept(number), {kExaminer});
    fixture_.Do(Forward(number), {kExaminer});
    fixture_.Do(Answer(number), {"enterprise"});
  }
  const auto upheld =
      Of(Uphold(first), "objections/" + first, {kExaminer, kApprover});
  const Names both = {"ObjectionUpheld", "ApplicationRefused"};
  EXPECT_EQ(In(application_, upheld), both);
  EXPECT_EQ(In("objections/" + first, upheld), both);
  EXPECT_EQ(In("objections/" + second, upheld), Names{"ApplicationRefused"});
}

TEST_F(Histories, HaveAnEventOnce) {
  const std::string number = File(fixture_.licensee, "licensee");
  const auto lines = Of(Accept(number), "objections/" + number, {kExaminer});
  for (size_t i = 0; i < lines.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(lines[i].stream == lines[j].stream &&
                   lines[i].part == lines[j].part);
    }
  }
  EXPECT_EQ(lines.size(), 2u);
}

}  // namespace
}  // namespace dataip::registryd
