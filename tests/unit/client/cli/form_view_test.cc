#include "client/cli/form_view.h"

#include "client/cli/application_view.h"
#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

v1::ApplicationForm WholeForm() {
  v1::ApplicationForm form;
  form.set_client_reference("REF-1");
  form.set_name("热量表数据集");
  form.mutable_scenario()->set_conditions("供热期");
  v1::Source& source = *form.add_sources();
  source.set_category(v1::ENTERPRISE);
  source.set_acquisition(v1::AUTHORIZED);
  source.mutable_contract()->set_kind("contract");
  source.set_contract_end("2027-01-01");
  v1::DataField& field = *form.add_fields();
  field.set_name("heat_kwh");
  field.set_meaning("累计热量");
  field.set_classification(v1::GENERAL);
  form.set_record_count(697);
  form.set_algorithm_summary("先剔除异常值");
  form.mutable_deidentification()->set_method("编码替换");
  form.mutable_deposit()->set_file_sha256("\x01\x02");
  form.add_evidence()->set_kind(v1::NOTARY);
  form.mutable_sample()->mutable_file()->set_kind("sample");
  form.mutable_sample()->set_row_count(20);
  form.add_attachments()->set_kind("manual");
  form.add_intents(v1::INTENT_LICENSE);
  form.add_intents(v1::INTENT_ON_BALANCE);
  form.mutable_contact()->set_role("数据资产管理岗");
  return form;
}

std::string Shown(const v1::ApplicationForm& form) {
  Record record;
  AppendForm(form, ReaderOf(form), record);
  return FormatRecord(record);
}

TEST(AppendForm, HasNoFalseZerosForStrangers) {
  v1::ApplicationForm form;
  form.set_name("热量表数据集");
  form.add_sources()->set_category(v1::ENTERPRISE);
  ASSERT_EQ(ReaderOf(form), FormReader::kPublic);
  Record record;
  AppendForm(form, FormReader::kPublic, record);
  EXPECT_THAT(record, Contains(Pair("数据规模", "未公开")));
  EXPECT_THAT(record, Contains(Pair("来源", "企业数据")));
  EXPECT_THAT(record, Contains(Pair("在先登记", "未公开")));
  // Would be read as the state of the data.
  EXPECT_THAT(record, Not(Contains(Pair("公开情况", ::testing::_))));
  for (const auto& [name, value] : record) {
    EXPECT_THAT(value, Not(HasSubstr("0"))) << name;
  }
}

TEST(AppendForm, ShowsEveryPartToThoseWhoMaySeeIt) {
  const std::string text = Shown(WholeForm());
  for (const char* part :
       {"REF-1", "供热期", "企业数据，授权，文件 contract", "合同至 2027-01-01",
        "heat_kwh", "累计热量", "一般", "697 条", "先剔除异常值", "编码替换",
        "0102", "公证", "20 行", "文件 manual", "许可、入表", "无（声明）",
        "数据资产管理岗"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("未公开")));
}

v1::GetApplicationResponse Refused() {
  v1::GetApplicationResponse response;
  v1::Application& application = *response.mutable_application();
  *application.mutable_form() = WholeForm();
  application.set_application_no("20240000001");
  application.set_state(v1::REFUSED);
  application.add_refusal_grounds("R03");
  application.set_refusal_reason("未经加工");
  v1::HistoryStep& step = *response.add_history();
  step.set_event("ApplicationRefused");
  step.set_actor("officers/examiner-1");
  return response;
}

TEST(ApplicationRecord, ShowsGroundsWordingAndHistoryInChinese) {
  const std::string text = FormatRecord(ApplicationRecord(Refused()));
  EXPECT_THAT(text, HasSubstr("R03 不属于登记对象"));
  EXPECT_THAT(text, HasSubstr("未经加工"));
  EXPECT_THAT(text, HasSubstr("不予登记  officers/examiner-1  #0"));
  EXPECT_THAT(text, Not(HasSubstr("ApplicationRefused")));
}

TEST(ApplicationRecord, NamesBothOfficersOfAStep) {
  auto response = Refused();
  v1::HistoryStep& step = *response.mutable_history(0);
  step.add_signers("officers/approver-1");
  step.add_signers("officers/examiner-1");
  EXPECT_THAT(FormatRecord(ApplicationRecord(response)),
              HasSubstr("officers/examiner-1、officers/approver-1  #0"));
}

TEST(ApplicationRecord, SaysThatWhoObjectsIsNotPublic) {
  auto response = Refused();
  v1::HistoryStep& step = *response.add_history();
  step.set_event("ObjectionFiled");
  step.set_index(7);
  EXPECT_THAT(FormatRecord(ApplicationRecord(response)),
              HasSubstr("提出异议  未公开  #7"));
}

TEST(ApplicationRecord, TellsStrangersThatTheReasonIsNotPublic) {
  auto response = Refused();
  v1::Application& application = *response.mutable_application();
  application.clear_form();
  application.clear_refusal_reason();
  const std::string text = FormatRecord(ApplicationRecord(response));
  EXPECT_THAT(text, HasSubstr("理由未公开"));
}

TEST(SameFile, LeavesOutTheApplicationItselfAndUnknownDigests) {
  v1::Application application;
  application.set_application_no("20240000001");
  std::vector<v1::ApplicationSummary> lines(4);
  lines[0].set_application_no("20240000001");
  lines[0].set_file_sha256("a");
  lines[1].set_application_no("20240000002");
  lines[1].set_file_sha256("b");
  lines[2].set_application_no("20240000003");
  lines[3].set_application_no("20240000004");
  lines[3].set_file_sha256("a");
  lines[3].set_certificate_number("20240733000000001");
  EXPECT_TRUE(SameFile(lines, application).empty());
  application.mutable_form()->mutable_deposit()->set_file_sha256("a");
  const auto same = SameFile(lines, application);
  ASSERT_EQ(same.size(), 1u);
  EXPECT_EQ(same[0].application_no(), "20240000004");
  EXPECT_THAT(SameFileText(same), HasSubstr("证书 20240733000000001"));
}

}  // namespace
}  // namespace dataip::client
