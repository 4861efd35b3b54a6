#include "tests/support/registry_life.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"

namespace dataip::testing {
namespace {

using registry::Decision;
using registry::Events;
using registry::State;
using Names = std::vector<std::string>;

constexpr char kBoth[] = "officers/both";
const std::string kNone;

void AddParty(RegistryFixture& world, const std::string& key,
              const std::string& name, const std::string& uscc) {
  v1::Command command = world.NewCommand(kExaminer, 0);
  v1::RegisterParty* body = command.mutable_register_party();
  body->mutable_identity()->set_kind(v1::LEGAL_PERSON);
  body->mutable_identity()->set_name(name);
  body->mutable_identity()->set_uscc(uscc);
  *body->mutable_key() = world.PublicKeyOf(key);
  world.Do(command, {kExaminer, key});
}

void AddOfficer(RegistryFixture& world) {
  v1::Command command = world.NewCommand("root", 0);
  v1::RegisterOfficer* body = command.mutable_register_officer();
  body->set_officer_id("both");
  body->add_roles(v1::EXAMINER);
  body->add_roles(v1::APPROVER);
  *body->mutable_key() = world.PublicKeyOf(kBoth);
  world.Do(command, {"root", kBoth});
  // And a second key, with which it is one officer still.
  v1::Command second = world.NewCommand(kBoth, 1);
  *second.mutable_enrol_key()->mutable_key() = world.PublicKeyOf("both again");
  world.Do(second, {kBoth, "both again"});
}

}  // namespace

std::string Ask::Word(const std::string& name,
                      const std::string& otherwise) const {
  const auto found = words.find(name);
  return found == words.end() ? otherwise : found->second;
}

const State& Ask::state() const { return life.state(); }

const std::vector<Act>& Acts() {
  static const auto* acts = [] {
    auto* all = new std::vector<Act>(ApplicationActs());
    for (const Act& act : RequestActs()) all->push_back(act);
    for (const Act& act : CertificateActs()) all->push_back(act);
    return all;
  }();
  return *acts;
}

const Act* FindAct(const std::string& name) {
  for (const Act& act : Acts()) {
    if (act.name == name) return &act;
  }
  return nullptr;
}

const v1::Certificate& SheetAt(const Ask& ask) {
  return *registry::FindSheet(ask.state(), ask.object);
}

std::string DaysAfter(const Ask& ask, int days) {
  const auto today = *registry::ParseDate(ask.life.Today());
  return registry::FormatDate(registry::AddDays(today, days));
}

v1::FileCommitment ActFile(const std::string& kind) {
  v1::FileCommitment file;
  file.set_kind(kind);
  file.set_media_type("application/pdf");
  file.set_byte_size(4096);
  file.mutable_sha256()->set_digest(Digest32('d'));
  return file;
}

std::string MarkOf(const Decision& decision) {
  const auto* refusal = std::get_if<registry::Refusal>(&decision);
  if (refusal == nullptr) return "✓";
  const std::string rule =
      refusal->violations.empty() ? "" : refusal->violations[0].rule();
  switch (refusal->reason) {
    case rpc::v1::NOT_FOUND:
      return "?";
    case rpc::v1::RULE_REFUSES:
      return rule;
    case rpc::v1::NOT_ALLOWED:
      return absl::StrCat("!", rule);
    default:
      return absl::StrCat("~", rule);
  }
}

Life::Life() : world_(RegistryFixture::Ready()) {
  AddOfficer(world_);
  AddParty(world_, "bank", "示例银行股份有限公司", "91330100716105852F");
  AddParty(world_, "agent", "示例知识产权代理有限公司", "914403001922038216");
  parties_ = {{"enterprise", world_.enterprise},
              {"licensee", world_.licensee},
              {"person", world_.person}};
  for (const char* uscc : {"91330100716105852F", "914403001922038216"}) {
    const auto* party = registry::FindPartyByAny(world_.state(), uscc);
    DATAIP_ASSERT(party != nullptr);
    parties_[parties_.count("bank") == 0 ? "bank" : "agent"] =
        party->party_number();
  }
  for (const auto& [key, party] : parties_) keys_[party] = key;
}

const std::string& Life::Latest(Kind kind) const {
  const auto found = latest_.find(kind);
  return found == latest_.end() ? kNone : found->second;
}

void Life::SetLatest(Kind kind, const std::string& number) {
  latest_[kind] = number;
}

const std::string& Life::KeyOf(const std::string& party) const {
  const auto found = keys_.find(party);
  return found == keys_.end() ? kNone : found->second;
}

const std::string& Life::PartyOf(const std::string& key) const {
  const auto found = parties_.find(key);
  return found == parties_.end() ? kNone : found->second;
}

const std::string& Life::PartyBeside(const Names& parties) const {
  for (const char* key : {"licensee", "person", "bank", "enterprise"}) {
    const std::string& party = PartyOf(key);
    if (std::count(parties.begin(), parties.end(), party) == 0) return party;
  }
  return PartyOf("agent");
}

std::string Life::ActorOf(const std::string& key) const {
  const std::string& party = PartyOf(key);
  return party.empty() ? key : party;
}

v1::Command Life::CommandOf(const Act& act, const std::string& object,
                            const RegistryFixture::Signers& by,
                            const Words& words) {
  const std::string actor = ActorOf(by[0]);
  v1::Command command = world_.NewCommand(actor, 0);
  act.fill({*this, object, actor, words}, command);
  return command;
}

Decision Life::Do(const v1::Command& command,
                  const RegistryFixture::Signers& by) {
  Decision decision = world_.Decide(command, by);
  if (std::holds_alternative<Events>(decision)) {
    Remember(world_.Do(command, by));
  }
  return decision;
}

Decision Life::Do(const std::string& name, const Words& words) {
  const Act* act = FindAct(name);
  DATAIP_ASSERT(act != nullptr);
  const std::string object = Latest(act->kind);
  const auto by = SignersOf(*act, object, words);
  return Do(CommandOf(*act, object, by, words), by);
}

void Life::Go(const std::string& script) {
  for (const absl::string_view one :
       absl::StrSplit(script, ' ', absl::SkipEmpty())) {
    const std::string step(one);
    if (step == "登记证书") {
      Go("提交 开启公示 @公示后 登记");
    } else if (step == "@公示后") {
      GoPastNotice();
    } else if (step[0] == '@') {
      GoTo(step.substr(1));
    } else if (step == "时钟") {
      RunClock();
    } else if (step == "旧页") {
      const auto* sheet =
          registry::FindSheet(state(), Latest(Kind::kCertificate));
      ASSERT_NE(sheet, nullptr);
      latest_[Kind::kCertificate] = sheet->content().replaces();
    } else if (step == "前请求") {
      const auto* sheet =
          registry::NewestSheet(state(), Latest(Kind::kCertificate));
      ASSERT_FALSE(sheet == nullptr || sheet->open_requests().empty());
      latest_[Kind::kRequest] = sheet->open_requests(0);
    } else {
      Words words;
      // `补正通知:字段=name`.
      const size_t colon = step.find(':');
      if (colon != std::string::npos) {
        const Names pair = absl::StrSplit(step.substr(colon + 1), '=');
        words[pair[0]] = pair[1];
      }
      const Decision decision = Do(step.substr(0, colon), words);
      ASSERT_EQ(MarkOf(decision), "✓") << script << ": " << step;
    }
  }
}

void Life::GoTo(const std::string& day) {
  const auto date = registry::ParseDate(day);
  ASSERT_TRUE(date.has_value()) << day;
  const int64_t to_ms = registry::StartOfDayMs(*date) + 9 * 3'600'000;
  if (to_ms > world_.now_ms()) world_.AdvanceTo(to_ms);
}

void Life::GoPastNotice() {
  const auto* application =
      registry::FindApplication(state(), Latest(Kind::kApplication));
  ASSERT_NE(application, nullptr);
  const auto due =
      registry::ParseDate(application->notice_deadline().due_date());
  ASSERT_TRUE(due.has_value());
  GoTo(registry::FormatDate(registry::AddDays(*due, 1)));
}

std::vector<Events> Life::RunClock() {
  std::vector<Events> done;
  while (const auto due = registry::NextDue(state(), world_.now_ms())) {
    v1::Command command = world_.NewCommand(registry::kClockActor, 0);
    registry::SetClockCommand(state(), *due, command);
    Events events = world_.Do(command, {"clock"});
    if (events.empty()) break;
    Remember(events);
    done.push_back(std::move(events));
  }
  return done;
}

std::string Life::NextSalt() {
  const std::string text = absl::StrCat("salt ", ++salts_);
  return std::string(hash::Sha256(hash::AsBytes(text)).text());
}

std::string Life::Today() const {
  return registry::FormatDate(registry::ShanghaiDate(world_.now_ms()));
}

void Life::Remember(const Events& events) {
  for (const v1::Event& event : events) {
    if (event.has_application_prepared()) {
      latest_[Kind::kDraft] = event.application_prepared().draft().draft_no();
    } else if (event.has_application_submitted()) {
      latest_[Kind::kApplication] =
          event.application_submitted().application().application_no();
    } else if (event.has_objection_filed()) {
      latest_[Kind::kObjection] =
          event.objection_filed().objection().objection_no();
    } else if (event.has_certificate_announced()) {
      latest_[Kind::kCertificate] =
          event.certificate_announced().certificate_number();
    } else if (event.has_certificate_imported()) {
      latest_[Kind::kCertificate] =
          event.certificate_imported().certificate_number();
    } else if (event.has_request_filed()) {
      latest_[Kind::kRequest] = event.request_filed().request().request_no();
    } else if (event.has_revocation_opened()) {
      latest_[Kind::kRevocation] =
          event.revocation_opened().revocation().revocation_no();
    } else if (event.has_certificate_frozen()) {
      latest_[Kind::kFreeze] = event.certificate_frozen().freeze().freeze_no();
    } else if (event.has_licence_filed()) {
      latest_[Kind::kLicence] = event.licence_filed().licence().licence_no();
    } else if (event.has_attorney_granted()) {
      latest_[Kind::kAttorney] =
          event.attorney_granted().attorney().attorney_no();
    }
  }
}

}  // namespace dataip::testing
