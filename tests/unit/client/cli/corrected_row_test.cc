#include "client/cli/corrected_row.h"

#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UnchangedDefectsTest : public ::testing::Test {
 protected:
  UnchangedDefectsTest() {
    v1::ApplicationForm& form = *application_.mutable_form();
    form.set_name("甲");
    form.set_algorithm_summary("乙");
    form.add_sources()->set_method("丙");
    for (const char* field : {"name", "algorithm_summary", "name"}) {
      application_.add_defects()->set_field(field);
    }
  }

  v1::Application application_;
};

TEST_F(UnchangedDefectsTest, AreNamedOnceEach) {
  v1::ApplicationForm form = application_.form();
  EXPECT_THAT(UnchangedDefects(application_, form),
              ElementsAre("algorithm_summary", "name"));
  form.set_algorithm_summary("丁");
  EXPECT_THAT(UnchangedDefects(application_, form), ElementsAre("name"));
  form.set_name("戊");
  EXPECT_THAT(UnchangedDefects(application_, form), IsEmpty());
}

// Empty before and after, and yet another text.
TEST_F(UnchangedDefectsTest, LooksAtWhatIsSealed) {
  application_.clear_defects();
  application_.add_defects()->set_field("sources[0].method");
  v1::ApplicationForm& before = *application_.mutable_form();
  before.mutable_sources(0)->clear_method();
  v1::SealedField& sealed = *before.add_sealed();
  sealed.set_field("sources[0].method");
  sealed.mutable_value()->set_digest("one");
  v1::ApplicationForm form = before;
  EXPECT_THAT(UnchangedDefects(application_, form),
              ElementsAre("sources[0].method"));
  form.mutable_sealed(0)->mutable_value()->set_digest("other");
  EXPECT_THAT(UnchangedDefects(application_, form), IsEmpty());
}

}  // namespace
}  // namespace dataip::client
