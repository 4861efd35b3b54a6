// Every state of every kind of object, and every command about it: allowed, or
// refused by which rule. tests/data/transitions.txt says what is expected.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/registry/certificate/certificate_orders.h"
#include "gtest/gtest.h"
#include "tests/support/golden.h"
#include "tests/support/registry_life.h"
#include "tests/unit/core/registry/transition_rows.h"
#include "tests/unit/core/registry/transition_table.h"

namespace dataip::testing {
namespace {

constexpr char kGolden[] = "tests/data/transitions.txt";
constexpr char kAllowed[] = "✓";

struct KindName {
  Kind kind;
  const char* title;
  const char* field;  // that names such an object in commands
};

constexpr KindName kKinds[] = {
    {Kind::kDraft, "草稿 draft", "draft_no"},
    {Kind::kApplication, "申请 application", "application_no"},
    {Kind::kObjection, "异议 objection", "objection_no"},
    {Kind::kCertificate, "证书 certificate", "certificate_number"},
    {Kind::kRequest, "证书事项请求 request", "request_no"},
    {Kind::kRevocation, "撤销案 revocation", "revocation_no"},
    {Kind::kFreeze, "冻结 freeze", "freeze_no"},
    {Kind::kLicence, "许可 licence", "licence_no"},
    {Kind::kAttorney, "授权委托书 power of attorney", "attorney_no"},
};

// Commands about no object that has states of its own.
constexpr v1::Command::BodyCase kAboutTheRegistry[] = {
    v1::Command::kOpenRegistry,    v1::Command::kLoadTable,
    v1::Command::kRegisterOfficer, v1::Command::kRegisterParty,
    v1::Command::kEnrolKey,        v1::Command::kAdvanceClock,
    v1::Command::kErasePayload,    v1::Command::kAdoptProfile,
    v1::Command::kEraseOpenings,
};

const char* WhoZh(Whose whose) {
  switch (whose) {
    case Whose::kExaminer:
      return "审查员";
    case Whose::kTwoOfficers:
      return "审查员与审批员";
    case Whose::kClock:
      return "时钟";
    case Whose::kRoot:
      return "根";
    case Whose::kObjector:
      return "异议人";
    case Whose::kApplicant:
      return "申请人";
    case Whose::kCosigner:
      return "应当同意者";
    case Whose::kHolder:
      return "权利人";
    case Whose::kSuccessor:
      return "承受人";
    case Whose::kPledgee:
      return "质权人";
    case Whose::kRequester:
      return "请求人";
    case Whose::kLicensor:
      return "许可人";
    case Whose::kLicensee:
      return "被许可人";
    case Whose::kPrincipal:
      return "委托人";
    case Whose::kParty:
      break;
  }
  return "主体";
}

std::string BodyName(const Act& act) {
  const auto* field = v1::Command::descriptor()->FindFieldByNumber(act.body);
  return field->message_type()->name();
}

std::vector<Act> ColumnsOf(Kind kind) {
  std::vector<Act> columns;
  for (const Act& act : Acts()) {
    if (act.kind == kind) columns.push_back(act);
  }
  return columns;
}

// What the state is called in the protocol.
std::string StateOf(const registry::State& state, Kind kind,
                    const std::string& number) {
  switch (kind) {
    case Kind::kApplication:
      return v1::ApplicationState_Name(
          registry::FindApplication(state, number)->state());
    case Kind::kObjection:
      return v1::ObjectionState_Name(
          registry::FindObjection(state, number)->state());
    case Kind::kCertificate:
      return v1::CertificateState_Name(
          registry::FindSheet(state, number)->status().state());
    case Kind::kRequest:
      return v1::RequestState_Name(
          registry::FindRequest(state, number)->state());
    case Kind::kRevocation:
      return v1::RevocationState_Name(
          registry::FindRevocation(state, number)->state());
    default:
      return "";
  }
}

class Matrix {
 public:
  std::string Text() {
    std::string text =
        "状态 x 命令:每一状态下每一命令由有权者发出的结果\n"
        "✓ 准许;规则编号 由该规则拒绝;!编号 发出者无权;~编号 命令内容不符;"
        "? 对象不存在\n";
    for (const KindName& kind : kKinds) AddKind(kind, text);
    return text;
  }

  size_t tried() const { return tried_; }
  size_t allowed() const { return allowed_; }
  const std::set<std::string>& states() const { return states_; }
  const std::set<int>& request_bodies() const { return request_bodies_; }

 private:
  void AddKind(const KindName& kind, std::string& text) {
    const std::vector<Act> columns = ColumnsOf(kind.kind);
    absl::StrAppend(&text, "\n== ", kind.title, " ==\n");
    for (const Act& act : columns) {
      absl::StrAppend(&text, "  ", Padded(act.head, 8), Padded(act.name, 16),
                      Padded(BodyName(act), 26), WhoZh(act.whose), "\n");
    }
    std::vector<std::vector<std::string>> rows(1);
    rows[0].push_back("");
    for (const Act& act : columns) rows[0].push_back(act.head);
    for (const StateRow& row : kStateRows) {
      if (row.kind != kind.kind) continue;
      rows.push_back(RowOf(row, columns));
    }
    absl::StrAppend(&text, TableOf(rows));
  }

  std::vector<std::string> RowOf(const StateRow& row,
                                 const std::vector<Act>& columns) {
    Life life = base_;
    life.Go(row.script);
    const std::string number = life.Latest(row.kind);
    EXPECT_NE(number, "") << row.script;
    std::vector<std::string> cells = {row.label};
    if (number.empty()) return cells;
    states_.insert(StateOf(life.state(), row.kind, number));
    for (const Act& act : columns) cells.push_back(Try(life, act, number));
    return cells;
  }

  // On a copy, so that the row stays as it is for the next column.
  std::string Try(const Life& before, const Act& act,
                  const std::string& number) {
    Life life = before;
    const auto by = life.SignersOf(act, number);
    const v1::Command command = life.CommandOf(act, number, by);
    EXPECT_EQ(command.body_case(), act.body) << act.name;
    if (command.has_file_request()) {
      request_bodies_.insert(command.file_request().body().body_case());
    }
    const std::string digest = registry::Digest(life.state());
    const std::string mark = MarkOf(life.Do(command, by));
    const bool allowed = mark == kAllowed;
    EXPECT_EQ(registry::Digest(life.state()) != digest, allowed) << act.name;
    ++tried_;
    allowed_ += allowed ? 1 : 0;
    return mark;
  }

  Life base_;
  size_t tried_ = 0;
  size_t allowed_ = 0;
  std::set<std::string> states_;
  std::set<int> request_bodies_;
};

// Once for all tests.
struct Tried {
  Matrix matrix;
  std::string text = matrix.Text();
};

Tried& TheMatrix() {
  static auto* tried = new Tried;
  return *tried;
}

TEST(Transitions, AreAsTheTableSays) {
  const Tried& tried = TheMatrix();
  ExpectGolden(kGolden, tried.text);
  const size_t allowed = tried.matrix.allowed();
  printf("%s\nstates x commands: %zu tried, %zu allowed, %zu refused\n",
         tried.text.c_str(), tried.matrix.tried(), allowed,
         tried.matrix.tried() - allowed);
}

// Whether a command of this body names an object by this field.
bool Names(const google::protobuf::Descriptor& body, const std::string& field) {
  if (body.FindFieldByName(field) != nullptr) return true;
  const auto* items = body.FindFieldByName("items");
  return items != nullptr && items->message_type() != nullptr &&
         items->message_type()->FindFieldByName(field) != nullptr;
}

TEST(Transitions, HaveAColumnForEveryCommand) {
  std::set<int> known(std::begin(kAboutTheRegistry),
                      std::end(kAboutTheRegistry));
  std::set<std::pair<int, Kind>> columns;
  for (const Act& act : Acts()) {
    known.insert(act.body);
    columns.insert({act.body, act.kind});
  }
  const auto* bodies = v1::Command::descriptor()->FindOneofByName("body");
  for (int i = 0; i < bodies->field_count(); ++i) {
    const auto* field = bodies->field(i);
    EXPECT_EQ(known.count(field->number()), 1u)
        << field->name() << " is in no column: add an act for it";
    for (const KindName& kind : kKinds) {
      if (!Names(*field->message_type(), kind.field)) continue;
      EXPECT_EQ(columns.count({field->number(), kind.kind}), 1u)
          << field->name() << " names " << kind.field << " and has no column";
    }
  }
}

TEST(Transitions, HaveAColumnForEveryRequest) {
  const auto* bodies = v1::RequestBody::descriptor()->FindOneofByName("body");
  EXPECT_EQ(TheMatrix().matrix.request_bodies().size(),
            static_cast<size_t>(bodies->field_count()));
}

template <typename Enum>
void ExpectAllStates(const std::set<std::string>& seen) {
  const auto* states = google::protobuf::GetEnumDescriptor<Enum>();
  for (int i = 0; i < states->value_count(); ++i) {
    if (states->value(i)->number() == 0) continue;
    EXPECT_EQ(seen.count(states->value(i)->name()), 1u)
        << states->value(i)->name() << " is in no row";
  }
}

TEST(Transitions, HaveARowForEveryState) {
  const std::set<std::string>& seen = TheMatrix().matrix.states();
  ExpectAllStates<v1::ApplicationState>(seen);
  ExpectAllStates<v1::ObjectionState>(seen);
  ExpectAllStates<v1::CertificateState>(seen);
  ExpectAllStates<v1::RequestState>(seen);
  ExpectAllStates<v1::RevocationState>(seen);
}

// The act in the first state that allows it, by others than it takes.
class Powers : public ::testing::Test {
 protected:
  // Finds a row; false when there is none.
  static bool Find(const Act& act, const Life& base, Life& life,
                   std::string& number) {
    for (const StateRow& row : kStateRows) {
      if (row.kind != act.kind) continue;
      life = base;
      life.Go(row.script);
      number = life.Latest(row.kind);
      const auto by = life.SignersOf(act, number);
      const v1::Command command = life.CommandOf(act, number, by);
      if (MarkOf(life.world().Decide(command, by)) == kAllowed) return true;
    }
    return false;
  }
};

TEST_F(Powers, DecisionsOfTwoOfficersTakeTwo) {
  const std::vector<RegistryFixture::Signers> kWrong = {
      {kExaminer},
      {kApprover},
      {kExaminer, kExaminer},
      {"officers/both"},
      {"officers/both", "officers/both"},
      {"officers/both", "both again"},
      {kApprover, kExaminer},
      {kExaminer, "enterprise"},
      {kExaminer, "root"},
      {kExaminer, "clock"},
      {kExaminer, kApprover, "officers/both"},
      {"enterprise", kApprover},
      {"root", kApprover},
      {"clock"},
      {"root"}};
  const Life base;
  Life life;
  std::string number;
  size_t acts = 0;
  for (const Act& act : Acts()) {
    if (act.whose != Whose::kTwoOfficers || act.kind == Kind::kRegistry) {
      continue;
    }
    ASSERT_TRUE(Find(act, base, life, number)) << act.name;
    ++acts;
    for (const auto& by : kWrong) {
      const v1::Command command = life.CommandOf(act, number, by);
      EXPECT_NE(MarkOf(life.world().Decide(command, by)), kAllowed)
          << act.name << " by " << absl::StrJoin(by, ", ");
    }
    const RegistryFixture::Signers both = {"officers/both", kApprover};
    const v1::Command command = life.CommandOf(act, number, both);
    EXPECT_EQ(MarkOf(life.world().Decide(command, both)), kAllowed) << act.name;
  }
  EXPECT_GT(acts, 10u);
}

// Every other one signs alone, each for itself.
TEST_F(Powers, StrangersMayDoNothing) {
  const Life base;
  Life life;
  std::string number;
  for (const Act& act : Acts()) {
    if (act.kind == Kind::kRegistry || act.whose == Whose::kObjector) continue;
    ASSERT_TRUE(Find(act, base, life, number)) << act.name;
    // An agent may end its own power.
    const char* stranger = act.kind == Kind::kAttorney ? "bank" : "agent";
    for (const char* key : {stranger, "root"}) {
      const v1::Command command = life.CommandOf(act, number, {key});
      EXPECT_NE(MarkOf(life.world().Decide(command, {key})), kAllowed)
          << act.name << " by " << key;
    }
    if (act.whose == Whose::kClock) continue;
    const v1::Command command = life.CommandOf(act, number, {"clock"});
    EXPECT_NE(MarkOf(life.world().Decide(command, {"clock"})), kAllowed)
        << act.name << " by the clock";
  }
}

}  // namespace
}  // namespace dataip::testing
