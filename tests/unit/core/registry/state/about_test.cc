// Every event and command says what it is about.
#include "core/registry/state/about.h"

#include <map>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace dataip::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Every text in it, down to the parts of its parts, is the name of its field.
void Fill(Message& message, int depth) {
  const auto& reflection = *message.GetReflection();
  const auto& fields = *message.GetDescriptor();
  for (int i = 0; i < fields.field_count(); ++i) {
    const FieldDescriptor* field = fields.field(i);
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      if (field->is_repeated()) {
        reflection.AddString(&message, field, field->name());
      } else {
        reflection.SetString(&message, field, field->name());
      }
    } else if (field->type() == FieldDescriptor::TYPE_MESSAGE && depth > 0) {
      Fill(field->is_repeated() ? *reflection.AddMessage(&message, field)
                                : *reflection.MutableMessage(&message, field),
           depth - 1);
    }
  }
}

template <typename Whole>
Whole Filled(const FieldDescriptor* body) {
  Whole whole;
  Fill(*Whole::GetReflection()->MutableMessage(&whole, body), 2);
  return whole;
}

// The field that holds the number of such an object, wherever it stands.
const std::string& NumberField(ObjectType type) {
  static const std::map<ObjectType, std::string> kFields = {
      {ObjectType::kNothing, ""},
      {ObjectType::kRegistry, "registry"},
      {ObjectType::kClock, "clock"},
      {ObjectType::kTable, "name"},
      {ObjectType::kOfficer, "officer_id"},
      {ObjectType::kParty, "party_number"},
      {ObjectType::kAttorney, "attorney_no"},
      {ObjectType::kDraft, "draft_no"},
      {ObjectType::kApplication, "application_no"},
      {ObjectType::kBatch, "batch_no"},
      {ObjectType::kObjection, "objection_no"},
      {ObjectType::kCertificate, "certificate_number"},
      {ObjectType::kRequest, "request_no"},
      {ObjectType::kRevocation, "revocation_no"},
      {ObjectType::kFreeze, "freeze_no"},
      {ObjectType::kPledge, "pledge_no"},
      {ObjectType::kLicence, "licence_no"},
  };
  return kFields.at(type);
}

struct Exceptions {
  std::set<std::string> about_nothing;
  // By other fields than most; they are tested below.
  std::set<std::string> otherwise;
};

template <typename Whole>
void CheckAll(const Exceptions& exceptions) {
  const auto& bodies = *Whole::descriptor()->oneof_decl(0);
  ASSERT_GT(bodies.field_count(), 50);
  for (int i = 0; i < bodies.field_count(); ++i) {
    const FieldDescriptor* body = bodies.field(i);
    SCOPED_TRACE(body->name());
    const auto whole = Filled<Whole>(body);
    const Object object = ObjectOf(whole);
    EXPECT_EQ(object.type == ObjectType::kNothing,
              exceptions.about_nothing.count(body->name()) == 1);
    if (exceptions.otherwise.count(body->name()) == 1) continue;
    EXPECT_EQ(object.number, NumberField(object.type));
  }
  EXPECT_EQ(ObjectOf(Whole()).type, ObjectType::kNothing);
}

TEST(ObjectOf, AnswersForEveryEvent) {
  CheckAll<v1::Event>(
      {{"deadlines_recomputed"},
       {"key_enrolled", "certificate_issued", "status_changed"}});
}

TEST(ObjectOf, AnswersForEveryCommand) {
  CheckAll<v1::Command>(
      {{"register_party", "enrol_key", "grant_attorney", "import_certificate"},
       {}});
}

// Those whose bodies name more than one object.
TEST(ObjectOf, TakesTheObjectThatTheEventMadeOrMoved) {
  const std::map<std::string, ObjectType> expected = {
      {"application_submitted", ObjectType::kApplication},
      {"application_registered", ObjectType::kApplication},
      {"application_claimed", ObjectType::kApplication},
      {"application_prepared", ObjectType::kDraft},
      {"application_cosigned", ObjectType::kDraft},
      {"batch_decided", ObjectType::kBatch},
      {"objection_filed", ObjectType::kObjection},
      {"request_filed", ObjectType::kRequest},
      {"request_granted", ObjectType::kRequest},
      {"pledge_registered", ObjectType::kPledge},
      {"pledge_changed", ObjectType::kPledge},
      {"licence_filed", ObjectType::kLicence},
      {"licence_changed", ObjectType::kLicence},
      {"usage_recorded", ObjectType::kLicence},
      {"revocation_opened", ObjectType::kRevocation},
      {"certificate_revoked", ObjectType::kRevocation},
      {"certificate_frozen", ObjectType::kFreeze},
      {"certificate_corrected", ObjectType::kCertificate},
      {"certificate_announced", ObjectType::kCertificate},
      {"proceedings_resumed", ObjectType::kApplication},
  };
  for (const auto& [name, type] : expected) {
    const auto* body = v1::Event::descriptor()->FindFieldByName(name);
    ASSERT_NE(body, nullptr) << name;
    EXPECT_EQ(ObjectOf(Filled<v1::Event>(body)).type, type) << name;
  }
}

TEST(ObjectOf, TakesTheObjectThatTheCommandNames) {
  const std::map<std::string, ObjectType> expected = {
      {"submit_application", ObjectType::kDraft},
      {"cosign_application", ObjectType::kDraft},
      {"request_corrections", ObjectType::kApplication},
      {"open_notices", ObjectType::kApplication},
      {"register_applications", ObjectType::kApplication},
      {"disclose_field", ObjectType::kApplication},
      {"file_objection", ObjectType::kApplication},
      {"file_request", ObjectType::kCertificate},
      {"file_licence", ObjectType::kCertificate},
      {"change_licence", ObjectType::kLicence},
      {"record_usage", ObjectType::kLicence},
      {"open_revocation", ObjectType::kCertificate},
      {"revoke_certificate", ObjectType::kRevocation},
      {"freeze_certificate", ObjectType::kCertificate},
      {"release_freeze", ObjectType::kFreeze},
  };
  for (const auto& [name, type] : expected) {
    const auto* body = v1::Command::descriptor()->FindFieldByName(name);
    ASSERT_NE(body, nullptr) << name;
    EXPECT_EQ(ObjectOf(Filled<v1::Command>(body)).type, type) << name;
  }
}

TEST(ObjectOf, TakesTheFirstItemOfABatch) {
  v1::Command command;
  command.mutable_open_notices();
  EXPECT_EQ(ObjectOf(command).type, ObjectType::kNothing);
  for (const char* number : {"20240000002", "20240000001"}) {
    command.mutable_open_notices()->add_items()->set_application_no(number);
  }
  EXPECT_EQ(ObjectOf(command).type, ObjectType::kApplication);
  EXPECT_EQ(ObjectOf(command).number, "20240000002");
}

TEST(ObjectOf, SaysWhoseAnEnrolledKeyIs) {
  v1::Event event;
  event.mutable_key_enrolled()->set_actor("officers/examiner-1");
  EXPECT_EQ(ObjectOf(event).type, ObjectType::kOfficer);
  EXPECT_EQ(ObjectOf(event).number, "examiner-1");
  EXPECT_EQ(StreamOf(ObjectOf(event)), "officers/examiner-1");
  event.mutable_key_enrolled()->set_actor("P0000001");
  EXPECT_EQ(ObjectOf(event).type, ObjectType::kParty);
  EXPECT_EQ(StreamOf(ObjectOf(event)), "parties/P0000001");
}

TEST(ObjectOf, LeavesNumbersInTheBytesOfRecords) {
  v1::Event event;
  event.mutable_certificate_issued()->set_content("bytes");
  EXPECT_EQ(ObjectOf(event).type, ObjectType::kCertificate);
  EXPECT_EQ(ObjectOf(event).number, "");
  event.mutable_status_changed()->set_status_record("bytes");
  EXPECT_EQ(ObjectOf(event).type, ObjectType::kCertificate);
  EXPECT_EQ(ObjectOf(event).number, "");
}

TEST(StreamOf, IsTheTypeAndTheNumber) {
  EXPECT_EQ(StreamOf({}), "");
  EXPECT_EQ(StreamOf({ObjectType::kRegistry, "registry"}), "registry");
  EXPECT_EQ(StreamOf({ObjectType::kClock, "clock"}), "clock");
  EXPECT_EQ(StreamOf({ObjectType::kApplication, "20240000001"}),
            "applications/20240000001");
}

}  // namespace
}  // namespace dataip::registry
