// A signer reads every text of every command.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/command_view.h"
#include "gmock/gmock.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::HasSubstr;

// Puts a word of its own into every text, one element into every list, and the
// first value into every enum. Of alternatives the last one stays.
class Filler {
 public:
  void Fill(Message& message) {
    const auto* const type = message.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      Set(message, type->field(i));
    }
  }

 private:
  void Set(Message& message, const FieldDescriptor* field) {
    const auto& reflection = *message.GetReflection();
    const bool list = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string word = absl::StrCat("word", ++words_, "x");
        list ? reflection.AddString(&message, field, word)
             : reflection.SetString(&message, field, word);
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* const value = field->enum_type()->value(1);
        list ? reflection.AddEnum(&message, field, value)
             : reflection.SetEnum(&message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(list ? *reflection.AddMessage(&message, field)
                  : *reflection.MutableMessage(&message, field));
        break;
      default:
        break;
    }
  }

  int words_ = 0;
};

// The texts that are set, but for bytes.
void Gather(const Message& message, const std::string& path,
            std::vector<std::pair<std::string, std::string>>& out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string at = absl::StrCat(path, ".", field->name());
    const int count =
        field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const bool list = field->is_repeated();
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Gather(list ? reflection.GetRepeatedMessage(message, field, i)
                    : reflection.GetMessage(message, field),
               at, out);
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        out.emplace_back(at,
                         list ? reflection.GetRepeatedString(message, field, i)
                              : reflection.GetString(message, field));
      }
    }
  }
}

TEST(CommandRecord, ShowsEveryTextOfEveryBody) {
  const auto* const bodies = v1::Command::descriptor()->oneof_decl(0);
  for (int i = 0; i < bodies->field_count(); ++i) {
    v1::Command command;
    Message& body = *v1::Command::GetReflection()->MutableMessage(
        &command, bodies->field(i));
    Filler().Fill(body);
    // A price is fixed or by unit; rules refuse both.
    if (command.has_file_licence()) {
      command.mutable_file_licence()->mutable_price()->clear_fixed();
    }
    if (command.has_change_licence()) {
      command.mutable_change_licence()->mutable_price()->clear_fixed();
    }
    std::vector<std::pair<std::string, std::string>> texts;
    Gather(body, bodies->field(i)->name(), texts);
    const std::string shown = FormatRecord(CommandRecord(command, {}, {}));
    for (const auto& [path, text] : texts) {
      // The registry takes one only, which amounts are shown in.
      if (absl::EndsWith(path, ".currency")) continue;
      EXPECT_TRUE(absl::StrContains(shown, text)) << path;
    }
  }
}

TEST(CommandRecord, ShowsWhatIsAskedOfTwoOfficers) {
  v1::Command command;
  command.mutable_dismiss_objection()->set_objection_no("O20240000001");
  const std::string text = FormatRecord(CommandRecord(command, {"0a"}, {}));
  EXPECT_THAT(text, HasSubstr("异议不成立 (dismiss_objection)"));
  EXPECT_THAT(text, HasSubstr("O20240000001"));
  EXPECT_THAT(text, HasSubstr("尚缺 1 个签名"));
}

TEST(CommandRecord, SaysByWhichGroundAnUpheldObjectionRefuses) {
  v1::Command command;
  command.mutable_uphold_objection()->add_grounds("R02");
  const std::string text = FormatRecord(CommandRecord(command, {}, {}));
  EXPECT_THAT(text, HasSubstr("R12 异议成立"));
  EXPECT_THAT(text, HasSubstr("R02 "));
}

}  // namespace
}  // namespace dataip::client
