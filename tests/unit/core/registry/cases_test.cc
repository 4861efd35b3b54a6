// Written cases: tests/data/cases/*.txt read like the history of a case. A line
// that begins with a date is an act; the lines under it, indented by four, are
// what came of it. The test does the acts and compares what came of them;
// DATAIP_UPDATE_GOLDEN=1 writes them anew.
//
//     日期 行为人 行为 [标签] [词=值]...
//
// The act is one of Life's (tests/support/registry_acts_*.cc) or of these:
// `提交多件 件数=54` files many at once, `采用规则 公示=15 自=日期` adopts a
// profile with another length of the notice, `查询 日=日期` asks what a
// certificate was on a day, `期满` lets time pass and nothing else. Acts are
// about the latest object of their kind, or about what a label names (`称=甲`
// names what an act makes). Two officers sign as `审查员、审批员`. Between two
// days the clock does what it owes; that is told under the later day's act,
// with the time at which it fell due. All else (titles, #) stays as it is.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/status_on.h"
#include "core/registry/state/profiles.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"
#include "tests/support/golden.h"
#include "tests/support/registry_life.h"
#include "tests/unit/core/registry/case_text.h"

namespace dataip::testing {
namespace {

using registry::Decision;
using registry::Events;
using registry::State;
using Lines = std::vector<std::string>;

constexpr char kFolder[] = "tests/data/cases";

const std::map<std::string, std::string>& Actors() {
  static const auto* actors = new std::map<std::string, std::string>{
      {"企业", "enterprise"}, {"用户", "licensee"}, {"张某", "person"},
      {"银行", "bank"},       {"代理", "agent"},    {"审查员", kExaminer},
      {"审批员", kApprover},  {"时钟", "clock"},    {"根", "root"}};
  return *actors;
}

std::string KeyOfActor(const std::string& name) {
  const auto found = Actors().find(name);
  return found == Actors().end() ? name : found->second;
}

std::string Joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  return text;
}

class WrittenCase {
 public:
  // The file's text with what came of its acts.
  std::string Play(const std::string& text) {
    Lines out;
    for (const std::string& line : Lines(absl::StrSplit(text, '\n'))) {
      if (line.substr(0, 4) == "    ") continue;
      out.push_back(line);
      if (line.empty() || line[0] < '0' || line[0] > '9') continue;
      for (const std::string& result : Act1(line)) {
        out.push_back("    " + result);
      }
    }
    while (!out.empty() && out.back().empty()) out.pop_back();
    return Joined(out);
  }

 private:
  // One act, with what the clock did before it.
  Lines Act1(const std::string& line) {
    const Lines tokens = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (tokens.size() < 3) return {"?? 行须为:日期 行为人 行为"};
    Lines out = PassTo(tokens[0]);
    Lines keys;
    for (const std::string& name : Lines(absl::StrSplit(tokens[1], "、"))) {
      keys.push_back(KeyOfActor(name));
    }
    Words words = {{"由", absl::StrJoin(keys, ",")}};
    std::string label;
    for (size_t i = 3; i < tokens.size(); ++i) {
      const std::pair<std::string, std::string> pair =
          absl::StrSplit(tokens[i], absl::MaxSplits('=', 1));
      if (pair.second.empty()) {
        label = pair.first;
      } else {
        words[pair.first] = ValueOf(pair.first, pair.second);
      }
    }
    for (std::string& one : Perform(tokens[2], label, words)) {
      out.push_back(std::move(one));
    }
    return out;
  }

  // Parties by key, applications by number.
  std::string ValueOf(const std::string& word, const std::string& value) {
    if (word == "给" || word == "共同" || word == "持有人" ||
        word == "申请人") {
      return KeyOfActor(value);
    }
    if (word == "申请" && value == "全部") return absl::StrJoin(many_, ",");
    Lines numbers;
    for (const std::string& one : Lines(absl::StrSplit(value, ','))) {
      const auto label = labels_.find(one);
      numbers.push_back(label == labels_.end() ? one : label->second);
    }
    return absl::StrJoin(numbers, ",");
  }

  Lines PassTo(const std::string& day) {
    Lines out;
    const State before = life_.state();
    life_.GoTo(day);
    while (const auto due =
               registry::NextDue(life_.state(), life_.world().now_ms())) {
      const std::string at =
          registry::FormatDate(registry::ShanghaiDate(due->at_ms));
      v1::Command command = life_.world().NewCommand(registry::kClockActor, 0);
      registry::SetClockCommand(life_.state(), *due, command);
      const Decision decision = life_.Do(command, {"clock"});
      if (!std::holds_alternative<Events>(decision)) {
        return {"?? the clock cannot do what it owes"};
      }
      for (const std::string& one : TextOf(std::get<Events>(decision))) {
        out.push_back(absl::StrCat("(时钟,", at, " 日终)", one));
      }
    }
    for (std::string& one : ChangesBetween(before, life_.state())) {
      out.push_back("(时钟)" + std::move(one));
    }
    return out;
  }

  Lines Perform(const std::string& name, const std::string& label,
                const Words& words) {
    if (name == "期满") return {};
    if (name == "查询") return Answer(label, words);
    if (name == "采用规则") return Adopt(words);
    if (name == "提交多件") return SubmitMany(words);
    const Act* act = FindAct(name);
    if (act == nullptr) return {"?? 没有此行为"};
    const auto labelled = labels_.find(label);
    const std::string object =
        labelled == labels_.end() ? life_.Latest(act->kind) : labelled->second;
    return DoAct(*act, object, words);
  }

  Lines DoAct(const Act& act, const std::string& object, const Words& words) {
    if (act.kind != Kind::kRegistry && object.empty()) {
      return {"?? 没有此行为的对象"};
    }
    const auto by = life_.SignersOf(act, object, words);
    const State before = life_.state();
    const std::map<Kind, std::string> latest = Latest();
    const Decision decision =
        life_.Do(life_.CommandOf(act, object, by, words), by);
    if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
      return {TextOf(*refusal)};
    }
    const auto named = words.find("称");
    for (const auto& [kind, number] : Latest()) {
      const auto was = latest.find(kind);
      const bool made = was == latest.end() || was->second != number;
      if (made && named != words.end()) labels_[named->second] = number;
    }
    Lines out = TextOf(std::get<Events>(decision));
    for (std::string& one : ChangesBetween(before, life_.state())) {
      out.push_back(std::move(one));
    }
    return out;
  }

  std::map<Kind, std::string> Latest() const {
    std::map<Kind, std::string> latest;
    for (const Kind kind :
         {Kind::kDraft, Kind::kApplication, Kind::kObjection,
          Kind::kCertificate, Kind::kRequest, Kind::kRevocation, Kind::kFreeze,
          Kind::kLicence, Kind::kAttorney}) {
      if (!life_.Latest(kind).empty()) latest[kind] = life_.Latest(kind);
    }
    return latest;
  }

  Lines SubmitMany(const Words& words) {
    int count = 0;
    if (!absl::SimpleAtoi(words.at("件数"), &count)) return {"?? 件数"};
    for (int i = 1; i <= count; ++i) {
      Words each = words;
      each["自编号"] = absl::StrCat("BATCH-", i);
      DoAct(*FindAct("提交"), "", each);
      many_.push_back(life_.Latest(Kind::kApplication));
      labels_[absl::StrCat("第", i, "件")] = many_.back();
    }
    return {absl::StrCat("收到申请 ", many_.size(), " 件:", many_.front(),
                         " 至 ", many_.back())};
  }

  // Zhejiang's profile with another notice: loaded, then adopted.
  Lines Adopt(const Words& words) {
    const std::string table = "profiles/ZJ-2023";
    std::string csv = ReadSourceFile("deploy/tables/profile_ZJ-2023.csv");
    absl::StrReplaceAll({{"\npublicity,10,",
                          absl::StrCat("\npublicity,", words.at("公示"), ",")}},
                        &csv);
    v1::Command load = life_.world().NewCommand(
        "root", life_.state().tables.at(table).version);
    load.mutable_load_table()->set_name(table);
    load.mutable_load_table()->set_content(csv);
    life_.Do(load, {"root"});  // refused when it is there already
    v1::Command command = life_.world().NewCommand("root", 0);
    v1::AdoptProfile* body = command.mutable_adopt_profile();
    body->mutable_profile()->set_profile_id("ZJ-2023");
    body->mutable_profile()->set_sha256(
        std::string(life_.state().tables.at(table).sha256.text()));
    body->set_effective_from(words.at("自"));
    body->set_legal_basis("浙江省数据知识产权登记办法修订");
    const Decision decision = life_.Do(command, {"root"});
    if (const auto* refusal = std::get_if<registry::Refusal>(&decision)) {
      return {TextOf(*refusal)};
    }
    return TextOf(std::get<Events>(decision));
  }

  Lines Answer(const std::string& label, const Words& words) {
    const auto asked = labels_.find(label);
    const std::string number = asked == labels_.end()
                                   ? life_.Latest(Kind::kCertificate)
                                   : asked->second;
    const auto by_word = words.find("编号");
    const auto day = registry::ParseDate(words.at("日"));
    const auto told = registry::StatusOn(
        life_.state(), by_word == words.end() ? number : by_word->second, *day);
    if (!told.has_value()) return {"没有此编号的证书"};
    if (told->number().empty()) return {"该日尚未登记"};
    std::string text = absl::StrCat("证书 ", told->status().number(), " 该日",
                                    TextOf(told->status()));
    if (told->state() != told->status().state()) {
      absl::StrAppend(&text, ",以“", registry::StateNameZh(told->state()),
                      "”论");
    }
    return {text};
  }

  Life life_;
  std::map<std::string, std::string> labels_;
  Lines many_;
};

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& one : std::filesystem::directory_iterator(
           std::string(DATAIP_SOURCE_DIR "/") + kFolder)) {
    if (one.path().extension() == ".txt") {
      files.push_back(one.path().filename().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(WrittenCases, EndAsTheySay) {
  const std::vector<std::string> files = Files();
  EXPECT_GE(files.size(), 15u);
  for (const std::string& file : files) {
    const std::string path = absl::StrCat(kFolder, "/", file);
    WrittenCase written;
    const std::string text = written.Play(ReadSourceFile(path));
    EXPECT_EQ(text.find("??"), std::string::npos) << path;
    ExpectGolden(path, text);
  }
}

}  // namespace
}  // namespace dataip::testing
