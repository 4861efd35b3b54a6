// Certificates, and the law that changes; the story from beginning to end.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/support/life_story.h"

namespace dataip::test {

using registry::Events;
using testing::Digest32;
using testing::kApprover;
using testing::kExaminer;

void LifeStory::ChangeAndTransfer() {
  Granted(Filed(Change()));
  number_ = Newest().number();
  const std::string transfer = Filed(Transfer(v1::ASSIGNMENT));
  Consented(transfer);
  const std::string freeze = Frozen(number_);
  const std::string other = Frozen(number_, 'h');
  Officers(OrderFixture::Release(other, number_));
  Officers(OrderFixture::Release(freeze, number_));
  Granted(transfer);
}

// To the licensee, then in the second rank to the person; a transfer that both
// pledgees would have to consent to comes to nothing. It is licensed and used,
// and its terms are changed.
void LifeStory::PledgeTwice() {
  number_ = certificates_.at(0);
  const std::string first = Pledged();
  v1::RequestBody second = Pledge('h');
  second.mutable_pledge()->set_pledgee(fixture_.person);
  const std::string request = Filed(second);
  fixture_.Do(Cosign(request, fixture_.person), {"person"});
  Granted(request);
  v1::RequestBody body = Transfer(v1::ASSIGNMENT);
  body.mutable_transfer()->mutable_new_holders(0)->set_party_number(
      fixture_.person);
  const std::string transfer = Filed(body);
  fixture_.Do(Cosign(transfer, fixture_.person), {"person"});
  fixture_.Do(Withdraw(transfer, fixture_.enterprise), {"enterprise"});
  v1::Command licence = fixture_.LicenceCommand(number_);
  licence.mutable_file_licence()->set_licensee(fixture_.person);
  const Events filed =
      fixture_.Do(licence, {"enterprise", "licensee", "person"});
  if (filed.empty()) return;
  v1::Command usage =
      fixture_.UsageCommand(filed[0].licence_filed().licence().licence_no());
  testing::AddUnits(usage, "u1", 100);
  usage.mutable_record_usage()->mutable_events(0)->set_occurred_on(
      "2024-07-23");
  fixture_.Do(usage, {"enterprise"});
  ChangeTerms(filed[0].licence_filed().licence(), first);
  Granted(Filed(RequestFixture::Release(first), "licensee"));
}

// The licence runs longer and costs more, the first pledge secures less; both
// pledgees agree to either.
void LifeStory::ChangeTerms(const v1::Licence& licence,
                            const std::string& pledge_no) {
  v1::Command command = fixture_.NewCommand(fixture_.enterprise, 1);
  v1::ChangeLicence* terms = command.mutable_change_licence();
  terms->set_licence_no(licence.licence_no());
  terms->set_kind(v1::SOLE);
  terms->set_valid_to("2025-12-31");
  *terms->mutable_price() = licence.price();
  terms->mutable_price()->mutable_per_unit()->set_fen(30);
  terms->set_contract_no(licence.contract_no());
  terms->set_salt(Digest32('m'));
  fixture_.Do(command, {"enterprise", "licensee", "person"});
  v1::RequestBody less = Pledge('i');
  less.mutable_pledge()->set_action(v1::PledgeRequest::CHANGE);
  less.mutable_pledge()->set_pledge_no(pledge_no);
  less.mutable_pledge()->clear_pledgee();
  less.mutable_pledge()->clear_valid_from();
  less.mutable_pledge()->mutable_amount()->set_fen(80'000'000);
  const std::string request = Filed(less);
  Consented(request);
  fixture_.Do(Cosign(request, fixture_.person), {"person"});
  Granted(request);
}

// On the sheet that took the place of the wrong one: confirmed, changed by both
// sides, and ended by the licensee as of a day that is still to come.
void LifeStory::LicenseAndEnd() {
  const auto* sheet =
      registry::NewestSheet(fixture_.state(), certificates_.at(2));
  if (sheet == nullptr) return;
  v1::Command command = fixture_.LicenceCommand(sheet->number());
  command.mutable_file_licence()->set_valid_to("2024-12-31");
  command.mutable_file_licence()->set_salt(Digest32('n'));
  const Events filed = fixture_.Do(command, {"enterprise"});
  if (filed.empty()) return;
  const v1::Licence& licence = filed[0].licence_filed().licence();
  command = fixture_.NewCommand(fixture_.licensee, 1);
  command.mutable_confirm_licence()->set_licence_no(licence.licence_no());
  fixture_.Do(command, {"licensee"});
  command = fixture_.NewCommand(fixture_.enterprise, 2);
  v1::ChangeLicence* terms = command.mutable_change_licence();
  terms->set_licence_no(licence.licence_no());
  terms->set_kind(v1::SOLE);
  terms->set_valid_to("2024-11-30");
  *terms->mutable_price() = licence.price();
  terms->set_contract_no(licence.contract_no());
  terms->set_salt(Digest32('o'));
  fixture_.Do(command, {"enterprise", "licensee"});
  command = fixture_.NewCommand(fixture_.licensee, 3);
  command.mutable_end_licence()->set_licence_no(licence.licence_no());
  command.mutable_end_licence()->set_ended_on("2024-09-20");
  command.mutable_end_licence()->set_reason("双方协商终止");
  fixture_.Do(command, {"licensee"});
}

void LifeStory::Renew() {
  number_ = RegisterNow(SubmitUnderContract("L-renewed", "2024-12-31"));
  v1::RequestBody body = Renewal();
  body.mutable_renewal()->add_contract_ends("2025-10-31");
  *body.mutable_renewal()->add_contracts() =
      fixture_.GoodForm("x").sample().file();
  Granted(Filed(body));
}

void LifeStory::Revoke() {
  const std::string revocation_no = Opened(certificates_.at(1));
  fixture_.Do(Statement(revocation_no, fixture_.enterprise), {"enterprise"});
  Officers(OrderFixture::Revoke(revocation_no));
}

void LifeStory::Import() { Officers(OrderFixture::Import()); }

// The registry's own, on the certificate of the sealed application.
void LifeStory::CorrectError() {
  const std::string& number = certificates_.at(2);
  v1::Command command = fixture_.NewCommand(kExaminer, VersionOf(number));
  v1::CorrectCertificate* body = command.mutable_correct_certificate();
  body->set_certificate_number(number);
  body->set_error("记录数录入有误");
  body->mutable_values()->set_record_count(600);
  Officers(command);
}

void LifeStory::Load(const std::string& name, const std::string& content) {
  const auto loaded = fixture_.state().tables.find(name);
  v1::Command command = fixture_.NewCommand(
      "root",
      loaded == fixture_.state().tables.end() ? 0 : loaded->second.version);
  command.mutable_load_table()->set_name(name);
  command.mutable_load_table()->set_content(content);
  fixture_.Do(command, {"root"});
}

// A notice of 15 days from 2025 on; what is filed before keeps its 10.
void LifeStory::AdoptAnotherProfile() {
  constexpr char kProfile[] = "profiles/ZJ-2023";
  std::string csv =
      testing::ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
  const std::string ten = "\npublicity,10,";
  csv.replace(csv.find(ten), ten.size(), "\npublicity,15,");
  Load(kProfile, csv);
  v1::Command command = fixture_.NewCommand("root", 0);
  v1::AdoptProfile* body = command.mutable_adopt_profile();
  body->mutable_profile()->set_profile_id("ZJ-2023");
  body->mutable_profile()->set_sha256(
      std::string(fixture_.state().tables.at(kProfile).sha256.text()));
  body->set_effective_from("2025-01-01");
  body->set_legal_basis("示例省数据知识产权登记办法修订");
  fixture_.Do(command, {"root"});
  const std::string before = fixture_.Submit("L-before");
  Pass("2025-01-02");
  Officers(fixture_.NoticeCommand(before));
}

// A notice that runs into a year without a calendar, until it is loaded.
void LifeStory::LoadLaterCalendar() {
  Pass("2026-12-25");
  Notice("L-provisional");
  Load("calendars/cn",
       testing::ReadSourceFile("deploy/tables/calendar_cn.csv") +
           "2027-01-01,off,元旦\n2027-01-04,off,元旦\n2027-01-05,off,元旦\n");
}

void LifeStory::Tell() {
  DraftWithCosigner();
  PowerOfAttorney();
  Batch();
  Disclose();
  Object();
  Suspend();
  ObjectAndRemainUnanswered();
  const std::string expiring = SubmitUnderContract("L-expiring", "2024-09-30");
  ChangeAndTransfer();
  Pass("2024-07-23");
  if (fixture_.refused()) return;
  RegisterAll();
  Officers(fixture_.RegisterCommand(suspended_));
  Officers(fixture_.RegisterCommand(expiring));
  if (fixture_.refused() || certificates_.size() < 3) return;
  PledgeTwice();
  Revoke();
  Import();
  CorrectError();
  LicenseAndEnd();
  Renew();
  Pass("2024-09-23");
  Pass("2024-09-30");
  Pass("2024-10-01");
  AdoptAnotherProfile();
  LoadLaterCalendar();
}

}  // namespace dataip::test
