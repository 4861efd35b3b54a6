#include "core/registry/erasure/redaction.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/erasure/redaction_words.h"
#include "core/registry/evolve.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

// What everything later hangs on, and orders, stay.
bool MayBeErased(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kRegistryOpened:
    case v1::Event::kTableLoaded:
    case v1::Event::kProfileAdopted:
    case v1::Event::kDeadlinesRecomputed:
    case v1::Event::kClockAdvanced:
    case v1::Event::kPayloadErased:
    case v1::Event::kOpeningsErased:
    // Its overlay is found again by its words; it names courts, not persons.
    case v1::Event::kCertificateFrozen:
    case v1::Event::EVENT_NOT_SET:
      return false;
    default:
      return true;
  }
}

// The bytes of an opening that was disclosed are a text too.
bool IsText(const FieldDescriptor& field) {
  return (field.type() == FieldDescriptor::TYPE_STRING ||
          field.type() == FieldDescriptor::TYPE_BYTES) &&
         IsRedactable(field);
}

absl::Status CheckParts(const v1::Transition& transition) {
  if (!transition.salt().empty()) return Wrong("it has a salt");
  if (transition.command().signatures_size() != 0) {
    return Wrong("its command has signatures");
  }
  if (!transition.context().has_decided_at() ||
      transition.context().decided_at().nanos() % 1'000'000 != 0 ||
      !ToUnixMs(transition.context().decided_at())) {
    return Wrong("its time of decision is not one of milliseconds");
  }
  if (transition.events_size() == 0) return Wrong("it has no event");
  for (const v1::Event& event : transition.events()) {
    if (!MayBeErased(event)) {
      return Wrong("it has an event that cannot be erased");
    }
  }
  return absl::OkStatus();
}

// Walks two messages of one type side by side and calls
// `differs(path, before, after)` for every text that is not the same; answers
// the path of the first thing of another kind that is not, "" when none is.
class Comparison {
 public:
  struct Text {
    std::string path;
    std::string before;
    std::string after;
  };

  std::string Compare(const Message& before, const Message& after,
                      const std::string& path) {
    std::vector<const FieldDescriptor*> fields;
    const auto* reflection = before.GetReflection();
    std::vector<const FieldDescriptor*> others;
    reflection->ListFields(before, &fields);
    after.GetReflection()->ListFields(after, &others);
    if (fields != others) return path.empty() ? "." : path;
    for (const FieldDescriptor* field : fields) {
      std::string at =
          absl::StrCat(path, path.empty() ? "" : ".", field->name());
      std::string differs = field->is_repeated()
                                ? CompareList(before, after, *field, at)
                                : CompareOne(before, after, *field, at);
      if (!differs.empty()) return differs;
    }
    return "";
  }

  const std::vector<Text>& texts() const { return texts_; }

 private:
  void TakeText(std::string path, std::string before, std::string after) {
    if (before == after) return;
    texts_.push_back({std::move(path), std::move(before), std::move(after)});
  }

  std::string CompareOne(const Message& before, const Message& after,
                         const FieldDescriptor& field, const std::string& at) {
    const auto* reflection = before.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return Compare(reflection->GetMessage(before, &field),
                     reflection->GetMessage(after, &field), at);
    }
    if (IsText(field)) {
      TakeText(at, reflection->GetString(before, &field),
               reflection->GetString(after, &field));
      return "";
    }
    return Alone(before, field) == Alone(after, field) ? "" : at;
  }

  std::string CompareList(const Message& before, const Message& after,
                          const FieldDescriptor& field, const std::string& at) {
    const auto* reflection = before.GetReflection();
    const int size = reflection->FieldSize(before, &field);
    if (size != reflection->FieldSize(after, &field)) return at;
    const bool messages = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!messages && !IsText(field)) {
      return Alone(before, field) == Alone(after, field) ? "" : at;
    }
    for (int i = 0; i < size; ++i) {
      const std::string one = absl::StrCat(at, "[", i, "]");
      if (!messages) {
        TakeText(one, reflection->GetRepeatedString(before, &field, i),
                 reflection->GetRepeatedString(after, &field, i));
        continue;
      }
      std::string differs =
          Compare(reflection->GetRepeatedMessage(before, &field, i),
                  reflection->GetRepeatedMessage(after, &field, i), one);
      if (!differs.empty()) return differs;
    }
    return "";
  }

  // The bytes of a message with this field only.
  static std::string Alone(const Message& message,
                           const FieldDescriptor& field) {
    const std::unique_ptr<Message> copy(message.New());
    copy->CopyFrom(message);
    std::vector<const FieldDescriptor*> fields;
    copy->GetReflection()->ListFields(*copy, &fields);
    for (const FieldDescriptor* other : fields) {
      if (other->number() != field.number()) {
        copy->GetReflection()->ClearField(copy.get(), other);
      }
    }
    return SerializeCanonical(*copy);
  }

  std::vector<Text> texts_;
};

// Takes out every text in the message; says how many there were.
int EraseTexts(Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  int erased = 0;
  for (const FieldDescriptor* field : fields) {
    const bool text = IsText(*field);
    const bool inner = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (text) reflection->SetString(&message, field, kErasedText);
      erased += text ? 1 : 0;
      if (inner)
        erased += EraseTexts(*reflection->MutableMessage(&message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      if (text) reflection->SetRepeatedString(&message, field, i, kErasedText);
      erased += text ? 1 : 0;
      if (inner) {
        erased +=
            EraseTexts(*reflection->MutableRepeatedMessage(&message, field, i));
      }
    }
  }
  return erased;
}

struct Segment {
  std::string name;
  int position = -1;  // in a list; -1: none named
};

absl::StatusOr<Segment> ParseSegment(absl::string_view text) {
  Segment segment;
  const size_t bracket = text.find('[');
  segment.name = std::string(text.substr(0, bracket));
  if (bracket == absl::string_view::npos) return segment;
  absl::string_view number = text.substr(bracket + 1);
  if (number.empty() || number.back() != ']') return Wrong("no path");
  number.remove_suffix(1);
  if (!absl::SimpleAtoi(number, &segment.position) || segment.position < 0) {
    return Wrong("no path");
  }
  return segment;
}

// Texts at and below the path's last segment; 0 when it names nothing there.
int EraseAt(Message& message, const std::vector<Segment>& path, size_t at) {
  const auto* field = message.GetDescriptor()->FindFieldByName(path[at].name);
  if (field == nullptr) return 0;
  const auto* reflection = message.GetReflection();
  const int position = path[at].position;
  const bool last = at + 1 == path.size();
  const bool inner = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const bool text = IsText(*field);
  if (!field->is_repeated()) {
    if (position >= 0) return 0;
    if (text && last && !reflection->GetString(message, field).empty()) {
      reflection->SetString(&message, field, kErasedText);
      return 1;
    }
    if (!inner || !reflection->HasField(message, field)) return 0;
    Message& below = *reflection->MutableMessage(&message, field);
    return last ? EraseTexts(below) : EraseAt(below, path, at + 1);
  }
  const int size = reflection->FieldSize(message, field);
  if (position >= size || (position < 0 && !last)) return 0;
  int erased = 0;
  for (int i = position < 0 ? 0 : position; i < size; ++i) {
    if (text && last) {
      reflection->SetRepeatedString(&message, field, i, kErasedText);
      ++erased;
    } else if (inner) {
      Message& below = *reflection->MutableRepeatedMessage(&message, field, i);
      erased += last ? EraseTexts(below) : EraseAt(below, path, at + 1);
    }
    if (position >= 0) break;
  }
  return erased;
}

// What of the command stays: whose and which it was.
absl::StatusOr<v1::Command> ShellOf(const v1::Transition& original) {
  auto command = ParseCanonical<v1::Command>(original.command().command());
  if (!command.ok()) return command.status();
  command->clear_body();
  return command;
}

}  // namespace

absl::StatusOr<Substitute> ParseSubstitute(const std::string& bytes) {
  if (bytes.size() > limits::kSubstituteBytes) return Wrong("it is over 1 MiB");
  Substitute substitute;
  ASSIGN_OR_RETURN(substitute.transition,
                   ParseCanonical<v1::Transition>(bytes));
  RETURN_IF_ERROR(CheckParts(substitute.transition));
  const std::string& command = substitute.transition.command().command();
  ASSIGN_OR_RETURN(substitute.command, ParseCanonical<v1::Command>(command));
  if (substitute.command.body_case() != v1::Command::BODY_NOT_SET) {
    return Wrong("its command has a body");
  }
  if (substitute.command.command_id().size() != limits::kCommandIdBytes ||
      substitute.command.actor().empty()) {
    return Wrong("its command names no actor or no id of 16 bytes");
  }
  substitute.command_sha256 = hash::Sha256(hash::AsBytes(command));
  substitute.parts = HeaderOf(substitute.transition.events());
  if (substitute.parts.type.empty() || substitute.parts.stream.empty()) {
    return Wrong("its events make no header");
  }
  return substitute;
}

bool FitsHeader(const Substitute& substitute,
                const proof::EntryHeader& header) {
  return substitute.parts ==
         EntryParts{header.type, header.stream, header.updates};
}

absl::Status CheckRedaction(const v1::Transition& original,
                            const v1::Transition& substitute) {
  ASSIGN_OR_RETURN(const v1::Command shell, ShellOf(original));
  if (substitute.command().command() != SerializeCanonical(shell)) {
    return Wrong("command: not the original's without its body");
  }
  v1::Transition before = original;
  v1::Transition after = substitute;
  for (v1::Transition* one : {&before, &after}) {
    one->clear_command();
    one->clear_salt();
  }
  Comparison comparison;
  const std::string differs = comparison.Compare(before, after, "");
  if (!differs.empty()) {
    return Wrong(absl::StrCat(differs, ": not the original's"));
  }
  for (const Comparison::Text& text : comparison.texts()) {
    if (text.path.rfind("events[", 0) == 0 && text.after == kErasedText) {
      continue;
    }
    return Wrong(
        absl::StrCat(text.path, ": not the original's, nor ", kErasedText));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Transition> Redact(const v1::Transition& original,
                                      const std::vector<std::string>& paths) {
  ASSIGN_OR_RETURN(const v1::Command shell, ShellOf(original));
  v1::Transition substitute = original;
  substitute.clear_salt();
  substitute.mutable_command()->clear_signatures();
  substitute.mutable_command()->set_command(SerializeCanonical(shell));
  for (const std::string& path : paths) {
    std::vector<Segment> segments;
    for (const absl::string_view part : absl::StrSplit(path, '.')) {
      auto segment = ParseSegment(part);
      if (!segment.ok()) return Wrong(absl::StrCat(path, ": not a path"));
      segments.push_back(*std::move(segment));
    }
    if (segments.front().name != "events" ||
        EraseAt(substitute, segments, 0) == 0) {
      return Wrong(absl::StrCat(path, ": names no text of the events"));
    }
  }
  const auto parsed = ParseSubstitute(SerializeCanonical(substitute));
  if (!parsed.ok()) return parsed.status();
  if (parsed->parts != HeaderOf(original.events())) {
    return Wrong("the header would be another: keep numbers and the like");
  }
  RETURN_IF_ERROR(CheckRedaction(original, substitute));
  return substitute;
}

void FoldSubstitute(State& state, const Substitute& substitute) {
  Fold(state, substitute.command, substitute.command_sha256,
       substitute.transition.context(), substitute.transition.events());
}

std::vector<RedactedText> RedactedTexts(const v1::Transition& original,
                                        const v1::Transition& substitute) {
  Comparison comparison;
  for (int i = 0;
       i < std::min(original.events_size(), substitute.events_size()); ++i) {
    comparison.Compare(original.events(i), substitute.events(i),
                       absl::StrCat("events[", i, "]"));
  }
  std::vector<RedactedText> texts;
  for (const Comparison::Text& text : comparison.texts()) {
    texts.push_back({text.path, text.before});
  }
  return texts;
}

}  // namespace dataip::registry
