// The commands beside the main job: what validate_only says comes true.
#include <gtest/gtest.h>

#include "tests/integration/registry/bureau.h"
#include "tests/integration/registry/office.h"
#include "tests/support/status_matchers.h"

namespace dataip::test {
namespace {

// One of every kind of case, its commands validated before.
void LeadCasesThrough(Office& office) {
  const std::string certificate = office.Certify("a");
  office.Discard(office.Prepare("joint"));
  office.Empower({kEnterprise, "enterprise", kLicensee, v1::ACT_FILE});
  office.ConsentAndGrant(office.AskPledge(certificate));
  office.OpenRevocation(certificate);
  const auto number = office.bureau.File("b");
  ASSERT_OK(number);
  ASSERT_OK(office.bureau.OpenNotice(*number));
  office.Forward(office.Object(*number));
  office.LoadTable("profiles/ZJ-2023", office.ShorterCosignWindow());
  office.Adopt("ZJ-2023", "2024-08-01");
}

// A command of this kind with nothing in it.
v1::Command EmptyOf(const google::protobuf::FieldDescriptor& body) {
  v1::Command command;
  v1::Command::GetReflection()->MutableMessage(&command, &body);
  return command;
}

TEST(RegistryService, AnswersEveryOtherCommandAsValidatedBefore) {
  Office office;
  Bureau& bureau = office.bureau;
  bureau.all_validated = true;
  ASSERT_NO_FATAL_FAILURE(LeadCasesThrough(office));
  const auto* bodies = v1::Command::descriptor()->FindOneofByName("body");
  int led = 0;
  for (int i = 0; i < bodies->field_count(); ++i) {
    const auto body =
        static_cast<v1::Command::BodyCase>(bodies->field(i)->number());
    if (body < v1::Command::kGrantAttorney) continue;  // life_test
    if (bureau.validated[body] > 0) {
      ++led;
      continue;
    }
    EXPECT_FALSE(bureau.Do("root", {"root"}, EmptyOf(*bodies->field(i))).ok())
        << bodies->field(i)->name();
    EXPECT_EQ(bureau.validated[body], 1);
  }
  EXPECT_EQ(led, 11);
}

}  // namespace
}  // namespace dataip::test
