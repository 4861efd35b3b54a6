#include "tests/support/state_lines.h"

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

namespace dataip::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using registry::State;

// Times of decision, and what is the digest of a record that holds one.
bool IsOfDecision(const FieldDescriptor& field) {
  return field.name() == "updated_at_ms" || field.name() == "decided_at" ||
         field.name() == "previous_sha256";
}

void ClearTimes(Message& message);

// Records as they were serialised: without times they are other bytes.
void ClearTimesIn(Message& message, const FieldDescriptor& records) {
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < reflection.FieldSize(message, &records); ++i) {
    registry::v1::StatusRecord record;
    record.ParseFromString(reflection.GetRepeatedString(message, &records, i));
    ClearTimes(record);
    reflection.SetRepeatedString(&message, &records, i,
                                 record.SerializeAsString());
  }
}

void ClearTimes(Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsOfDecision(*field)) {
      reflection.ClearField(&message, field);
    } else if (field->name() == "status_records") {
      ClearTimesIn(message, *field);
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (!field->is_repeated()) {
      ClearTimes(*reflection.MutableMessage(&message, field));
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        ClearTimes(*reflection.MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

template <typename T>
std::string TextOf(T message) {
  ClearTimes(message);
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

std::string SumOf(const registry::Realised& sum) {
  return absl::StrCat(sum.fen, " fen in ", sum.events);
}

class Lines {
 public:
  void Add(absl::string_view part, absl::string_view name,
           absl::string_view text) {
    lines_.push_back(absl::StrCat(part, " ", name, " ", text));
  }
  template <typename Map>
  void Messages(absl::string_view part, const Map& map) {
    for (const auto& [name, message] : map) Add(part, name, TextOf(message));
  }
  template <typename Map>
  void Names(absl::string_view part, const Map& map) {
    for (const auto& [from, to] : map) Add(part, Shown(from), Shown(to));
  }
  template <typename Set>
  void Words(absl::string_view part, const Set& set) {
    for (const std::string& word : set) Add(part, Shown(word), "");
  }
  std::vector<std::string> Take() { return std::move(lines_); }

  // Digests are bytes.
  static std::string Shown(const std::string& text) {
    for (const char c : text) {
      if (c < 0x21 || c > 0x7e) return base::HexEncode(hash::AsBytes(text));
    }
    return text;
  }

 private:
  std::vector<std::string> lines_;
};

void AddRegistry(const State& state, Lines& lines) {
  lines.Add("registry", state.origin, TextOf(state.registry));
  for (const auto& [name, table] : state.tables) {
    lines.Add(
        "table", name,
        absl::StrCat(base::HexEncode(table.sha256.span()), " ", table.version));
  }
  for (const auto& [sha256, profile] : state.profiles) {
    lines.Add("profile", Lines::Shown(sha256), "");
  }
  for (const registry::Adoption& adoption : state.adoptions) {
    lines.Add("adoption", FormatDate(adoption.effective_from),
              TextOf(adoption.profile));
  }
  for (const auto& [key_id, key] : state.keys) {
    lines.Add("key", key_id, key.actor);
  }
  const registry::Counters& made = state.counters;
  for (const auto& [name, count] :
       std::initializer_list<std::pair<const char*, uint64_t>>{
           {"parties", made.parties},
           {"applications", made.applications},
           {"certificates", made.certificates},
           {"registrations", made.registrations},
           {"licences", made.licences},
           {"drafts", made.drafts},
           {"attorneys", made.attorneys},
           {"objections", made.objections},
           {"requests", made.requests},
           {"pledges", made.pledges},
           {"revocations", made.revocations},
           {"freezes", made.freezes},
           {"batches", made.batches}}) {
    lines.Add("counter", name, absl::StrCat(count));
  }
}

void AddClock(const State& state, Lines& lines) {
  for (const registry::Due& due : state.due) {
    lines.Add("due", absl::StrCat(due.at_ms),
              absl::StrCat(registry::NameEn(due.kind), " ", due.key));
  }
  lines.Words("provisional", state.provisional);
  for (const auto& [number, stretch] : state.stretches) {
    lines.Add("stretch", number,
              absl::StrCat(static_cast<int>(stretch.kind), " since ",
                           stretch.since_ms));
  }
}

void AddCases(const State& state, Lines& lines) {
  lines.Messages("officer", state.officers);
  lines.Messages("party", state.parties);
  lines.Names("uscc", state.usccs);
  lines.Messages("application", state.applications);
  for (const auto& [primary, numbers] : state.references) {
    for (const auto& [reference, number] : numbers) {
      lines.Add("reference", absl::StrCat(primary, "/", reference), number);
    }
  }
  lines.Messages("draft", state.drafts);
  lines.Messages("attorney", state.attorneys);
  lines.Messages("objection", state.objections);
  lines.Messages("request", state.requests);
  lines.Messages("revocation", state.revocations);
  lines.Messages("freeze", state.freezes);
  lines.Names("freeze-overlay", state.freeze_overlays);
  lines.Words("annulled", state.annulled);
  lines.Messages("pledge", state.pledges);
}

void AddCertificates(const State& state, Lines& lines) {
  lines.Messages("certificate", state.certificates);
  lines.Names("registration", state.registration_numbers);
  lines.Names("alias", state.aliases);
  lines.Names("licence-overlay", state.licence_overlays);
  for (const auto& [number, licence] : state.licences) {
    lines.Add("licence", number,
              absl::StrCat(TextOf(licence.licence), SumOf(licence.realised)));
    for (const auto& [key, entry] : licence.usage) {
      lines.Add("usage", absl::StrCat(number, "/", key.first, "/", key.second),
                absl::StrCat(TextOf(entry.counted),
                             entry.reversed ? "reversed" : ""));
    }
  }
  for (const auto* values :
       {&state.value_of_certificate, &state.value_of_party}) {
    for (const auto& [subject, sum] : *values) {
      lines.Add("value", subject, SumOf(sum));
    }
  }
  lines.Add("value", "total", SumOf(state.value_total));
  for (const auto& [index, substitute] : state.erased) {
    lines.Add("erased", absl::StrCat(index),
              base::HexEncode(substitute.span()));
  }
  lines.Words("erased-opening", state.erased_openings);
}

}  // namespace

std::vector<std::string> StateLines(const State& state) {
  Lines lines;
  AddRegistry(state, lines);
  AddClock(state, lines);
  AddCases(state, lines);
  AddCertificates(state, lines);
  return lines.Take();
}

}  // namespace dataip::test
