// A licence of a registered certificate, and what its parties do with it.
#pragma once

#include <string>

#include "core/registry/state/due.h"
#include "tests/unit/core/registry/request/request_fixture.h"

namespace dataip::testing {

// Filed by `enterprise` for `licensee` on 2024-07-05, ordinary, to 2025-06-30.
class LicenceFixture : public RequestFixture {
 protected:
  LicenceFixture() { licence_ = fixture_.FileLicence(number_); }

  v1::Command Confirm(const std::string& actor) {
    v1::Command command = fixture_.NewCommand(
        actor,
        registry::FindLicence(fixture_.state(), licence_)->licence.version());
    command.mutable_confirm_licence()->set_licence_no(licence_);
    return command;
  }

  v1::Command End(const std::string& actor, const std::string& last) {
    v1::Command command = fixture_.NewCommand(
        actor,
        registry::FindLicence(fixture_.state(), licence_)->licence.version());
    command.mutable_end_licence()->set_licence_no(licence_);
    command.mutable_end_licence()->set_ended_on(last);
    command.mutable_end_licence()->set_reason("双方协商终止");
    return command;
  }

  const v1::Licence& Now() {
    return registry::FindLicence(fixture_.state(), licence_)->licence;
  }

  // To the end of 2024, else as it is.
  v1::Command ChangeLicence(void (*edit)(v1::ChangeLicence&) = nullptr) {
    v1::Command command =
        fixture_.NewCommand(fixture_.enterprise, Now().version());
    v1::ChangeLicence* body = command.mutable_change_licence();
    body->set_licence_no(licence_);
    body->set_kind(Now().kind());
    body->set_valid_to("2024-12-31");
    *body->mutable_price() = Now().price();
    body->set_contract_no(Now().contract_no());
    body->set_salt(Digest32('n'));
    if (edit != nullptr) edit(*body);
    return command;
  }

  registry::Decision Changed(void (*edit)(v1::ChangeLicence&)) {
    return fixture_.Decide(ChangeLicence(edit), {"enterprise"});
  }

  void Empower(const std::string& agent, v1::AttorneyAct act) {
    v1::Command command = fixture_.NewCommand(fixture_.enterprise, 0);
    v1::GrantAttorney* body = command.mutable_grant_attorney();
    body->set_agent(agent);
    body->add_acts(act);
    body->set_valid_from("2024-06-20");
    body->set_valid_to("2025-12-31");
    fixture_.Do(command, {"enterprise"});
  }

  // What the clock owes; fails when it owes nothing.
  registry::Events ClockActs() {
    const auto due = registry::NextDue(fixture_.state(), fixture_.now_ms());
    if (!due.has_value()) {
      ADD_FAILURE() << "the clock owes nothing";
      return {};
    }
    v1::Command owed = fixture_.NewCommand("clock", 0);
    registry::SetClockCommand(fixture_.state(), *due, owed);
    EXPECT_TRUE(registry::IsFor(owed, *due));
    return fixture_.Do(owed, {"clock"});
  }

  void RecordUnits(const std::string& id, int64_t quantity) {
    v1::Command command = fixture_.UsageCommand(licence_);
    AddUnits(command, id, quantity);
    fixture_.Do(command, {"enterprise"});
  }

  std::string licence_;
};

}  // namespace dataip::testing
