/** Reference: the people of an organization and their groups. */
import * as z from "zod";
import { ACCESS_LEVELS, ROLES } from "../../../context.ts";
import type { InvitationView } from "../../../domain/employees/invitations.ts";
import type { EmployeeView } from "../../../domain/employees/view.ts";
import type { GroupView, Member } from "../../../domain/groups/list.ts";
import type { Membership } from "../../../domain/groups/membership.ts";
import type { RemovedGroup } from "../../../domain/groups/remove.ts";
import { exactly, group, id, moment, page } from "../entry.ts";
import { A, SOME } from "../examples.ts";

const Employee = exactly<EmployeeView>()(
  z.strictObject({
    id,
    email: z.string(),
    name: z.string().nullable(),
    role: z.enum(ROLES),
    access: z.enum(ACCESS_LEVELS),
    access_override: z
      .enum(ACCESS_LEVELS)
      .nullable()
      .describe("What an admin decided about `access`; null when it follows from the e-mail's domain."),
    status: z.enum(["active", "deactivated"]),
    groups: z.array(id),
    email_verified: z.boolean(),
    last_seen_at: moment.nullable(),
    created_at: moment,
  }),
).meta({ id: "Employee" });

const Invitation = exactly<InvitationView>()(
  z.strictObject({
    id,
    email: z.string(),
    role: z.enum(ROLES),
    access: z.enum(ACCESS_LEVELS).nullable(),
    groups: z.array(id),
    invited_by: id.nullable(),
    created_at: moment,
    expires_at: moment,
  }),
).meta({ id: "Invitation" });

const GroupShape = exactly<GroupView>()(
  z.strictObject({ id, name: z.string(), members: z.int(), created_at: moment }),
).meta({ id: "Group" });

const MemberShape = exactly<Member>()(
  z.strictObject({ id, email: z.string(), name: z.string().nullable() }),
).meta({ id: "Member" });

const MembershipShape = exactly<Membership>()(z.strictObject({ group_id: id, user_id: id }));
const Person = z.strictObject({ id, email: z.string() });

export const people = group("People", "Employees, invitations and groups.", {
  "GET /api/v1/employees": {
    id: "listEmployees",
    summary: "List employees",
    answers: { 200: page(Employee) },
    example: { query: { status: "active" } },
  },
  "POST /api/v1/employees": {
    id: "invite",
    summary: "Invite somebody by e-mail",
    description: "An open invitation to the same address is replaced.",
    answers: { 201: z.strictObject({ invitation: Invitation }) },
    errors: ["already_member", "email_unavailable"],
    example: { body: { email: A.newEmail, role: "member", groups: [SOME.group] } },
  },
  "GET /api/v1/employees/invitations": {
    id: "listInvitations",
    summary: "List open invitations",
    answers: { 200: page(Invitation) },
  },
  "DELETE /api/v1/employees/invitations/:id": {
    id: "revokeInvitation",
    summary: "Take an invitation back",
    answers: { 200: z.strictObject({ revoked: Person }) },
    example: { path: { id: SOME.invitation } },
  },
  "PATCH /api/v1/employees/:id": {
    id: "changeEmployee",
    summary: "Change role, access, groups or status",
    description: "Access tokens from before stop working at the next request.",
    answers: { 200: z.strictObject({ employee: Employee }) },
    errors: ["last_admin"],
    example: { path: { id: SOME.employee }, body: { role: "viewer", access: "internal" } },
  },
  "DELETE /api/v1/employees/:id": {
    id: "removeEmployee",
    summary: "Remove an employee",
    description: "What they uploaded stays.",
    answers: { 200: z.strictObject({ removed: Person }) },
    errors: ["last_admin"],
    example: { path: { id: SOME.employee } },
  },
  "GET /api/v1/groups": {
    id: "listGroups",
    summary: "List groups",
    answers: { 200: page(GroupShape) },
  },
  "POST /api/v1/groups": {
    id: "createGroup",
    summary: "Make a group",
    description: "A document that names groups is shown to their members and to admins only.",
    answers: { 201: z.strictObject({ group: GroupShape }) },
    errors: ["name_taken"],
    example: { body: { name: "Finance" } },
  },
  "PATCH /api/v1/groups/:id": {
    id: "renameGroup",
    summary: "Rename a group",
    answers: { 200: z.strictObject({ group: GroupShape }) },
    errors: ["name_taken"],
    example: { path: { id: SOME.group }, body: { name: "Controlling" } },
  },
  "DELETE /api/v1/groups/:id": {
    id: "deleteGroup",
    summary: "Delete a group",
    description: "What it alone could read is left to admins.",
    answers: {
      200: z.strictObject({
        deleted: exactly<RemovedGroup>()(
          z.strictObject({
            id,
            name: z.string(),
            members: z.int(),
            documents: z.int().describe("Documents that named it."),
          }),
        ),
      }),
    },
    example: { path: { id: SOME.group } },
  },
  "GET /api/v1/groups/:id/members": {
    id: "listMembers",
    summary: "List a group's members",
    answers: { 200: page(MemberShape) },
    example: { path: { id: SOME.group } },
  },
  "PUT /api/v1/groups/:id/members/:user_id": {
    id: "addMember",
    summary: "Put somebody into a group",
    answers: { 200: z.strictObject({ membership: MembershipShape }) },
    example: { path: { id: SOME.group, user_id: SOME.employee } },
  },
  "DELETE /api/v1/groups/:id/members/:user_id": {
    id: "removeMember",
    summary: "Take somebody out of a group",
    answers: { 200: z.strictObject({ removed: MembershipShape }) },
    example: { path: { id: SOME.group, user_id: SOME.employee } },
  },
});
