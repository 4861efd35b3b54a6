// What outside is shown of an application, before and in its notice.
#include <string>

#include "gtest/gtest.h"
#include "services/registry/caller.h"
#include "tests/unit/core/registry/objection/objection_fixture.h"

namespace dataip::registryd {
namespace {

// `enterprise` has an application in its notice.
using PublicParts = ::dataip::testing::ObjectionTest;

TEST_F(PublicParts, ShowNoNameBeforeTheNotice) {
  const std::string number = fixture_.Submit("R-2");
  const v1::Application& application =
      *registry::FindApplication(fixture_.state(), number);
  const v1::Application shown = PublicPart(fixture_.state(), application);
  EXPECT_EQ(shown.application_no(), number);
  EXPECT_EQ(shown.state(), v1::UNDER_REVIEW);
  EXPECT_EQ(shown.submitted_at_ms(), application.submitted_at_ms());
  EXPECT_EQ(shown.form().ByteSizeLong(), 0u);
  v1::Application refused = application;
  refused.set_state(v1::REFUSED);
  refused.add_refusal_grounds("R03");
  EXPECT_TRUE(PublicPart(fixture_.state(), refused).refusal_grounds().empty());
}

TEST_F(PublicParts, ShowSourcesInTheFormsOrder) {
  v1::Application application = Application();
  auto& form = *application.mutable_form();
  form.clear_sources();
  for (const auto category : {v1::ENTERPRISE, v1::PERSONAL, v1::ENTERPRISE}) {
    form.add_sources()->set_category(category);
  }
  const v1::Application shown = PublicPart(fixture_.state(), application);
  ASSERT_EQ(shown.form().sources_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(shown.form().sources(i).category(), form.sources(i).category());
  }
}

}  // namespace
}  // namespace dataip::registryd
