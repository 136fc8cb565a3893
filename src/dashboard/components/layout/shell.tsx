/** What surrounds every page: navigation, whether the page is live, theme, sign-out. */
import {
  Activity,
  ClipboardCheck,
  HardDrive,
  History,
  LayoutGrid,
  LogOut,
  type LucideIcon,
  Monitor,
  Moon,
  ScrollText,
  Server,
  Sun,
  Waves,
} from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Link, NavLink, useLocation, useMatch, useNavigationType } from 'react-router';
import { useLive } from '../../data/live.tsx';
import { type Role, useCan, useIsScoped, useWhoami } from '../../data/permissions.ts';
import { useSession } from '../../data/session.tsx';
import { type Theme, useTheme } from '../../data/theme.ts';
import icon from '../../icon.svg';
import { IconButton } from '../actions/button.tsx';
import { Badge } from '../display/badge.tsx';
import styles from './shell.module.css';

interface Entry {
  to: string;
  label: string;
  icon: LucideIcon;
  /** Shown only to those who may see the page. */
  role?: Role;
  /** Of the fleet as a whole: nothing for a token with a scope. */
  whole?: boolean;
}

const ENTRIES: readonly Entry[] = [
  { to: '/', label: 'Fleet', icon: LayoutGrid, whole: true },
  { to: '/vms', label: 'VMs', icon: Server },
  { to: '/hosts', label: 'Hosts', icon: HardDrive, whole: true },
  { to: '/policies', label: 'Policies', icon: ScrollText, whole: true },
  { to: '/rollouts', label: 'Rollouts', icon: Waves, whole: true },
  { to: '/preflights', label: 'Preflights', icon: ClipboardCheck, whole: true },
  { to: '/events', label: 'Events', icon: Activity },
  { to: '/audit', label: 'Audit', icon: History, role: 'admin' },
];

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function Shell({ children }: { children: ReactNode }) {
  const { signOut } = useSession();
  const { state } = useLive();
  const [theme, setTheme] = useTheme();
  const ThemeIcon = THEME_ICONS[theme];
  const main = useRef<HTMLElement>(null);
  useFreshPage(main);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <div className={styles.side}>
        <Link to="/" className={styles.brand}>
          <img src={icon} alt="" width={26} height={26} />
          Holdfast
        </Link>
        <nav className={styles.nav} aria-label="Pages">
          {ENTRIES.map((entry) => (
            <NavEntry key={entry.to} {...entry} />
          ))}
        </nav>
        <div className={styles.foot}>
          <Who />
          <LiveBadge />
          <div className={styles.tools}>
            <IconButton
              label={`Theme: ${theme}. Change to ${NEXT_THEME[theme]}`}
              onClick={() => setTheme(NEXT_THEME[theme])}
            >
              <ThemeIcon size={17} aria-hidden />
            </IconButton>
            <IconButton label="Sign out" onClick={() => signOut()}>
              <LogOut size={17} aria-hidden />
            </IconButton>
          </div>
        </div>
      </div>
      <div>
        {state === 'down' && (
          <div className={styles.banner} role="status">
            The event stream is down: what you see may be old. Trying again…
          </div>
        )}
        <main id="main" ref={main} className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

function NavEntry({ to, label, icon: Icon, role = 'viewer', whole = false }: Entry) {
  const may = useCan(role);
  const scoped = useIsScoped();
  const link = useRef<HTMLAnchorElement>(null);
  const shown = useMatch({ path: to, end: to === '/' }) !== null;
  // What everybody may see is there before it is known who asks.
  const offered = (role === 'viewer' || may) && !(whole && scoped);
  // On a phone the entries are more than fit.
  useEffect(() => {
    if (shown && offered) link.current?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [shown, offered]);
  if (!offered) return null;
  return (
    <NavLink ref={link} to={to} end={to === '/'}>
      <Icon size={17} aria-hidden />
      {label}
    </NavLink>
  );
}

/** A new page begins at its top, and there for the keyboard too; going back leads to where one was. */
function useFreshPage(main: RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const back = useNavigationType() === 'POP';
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (back) return;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, back, main]);
}

function Who() {
  const { data } = useWhoami();
  if (data === undefined) return null;
  const scope = Object.entries(data.scope).map(([key, value]) => `${key}: ${value}`);
  return (
    <p className={styles.who} title={scope.length === 0 ? undefined : `Only VMs with ${scope.join(', ')}`}>
      <strong>{data.name}</strong>
      <span>
        {data.role}
        {scope.length > 0 && ` · ${scope.join(', ')}`}
      </span>
    </p>
  );
}

function LiveBadge() {
  const { state } = useLive();
  if (state === 'live') return <Badge colour="green">live</Badge>;
  if (state === 'down') return <Badge colour="doubt">stream down</Badge>;
  return (
    <Badge colour="blue" moving>
      connecting
    </Badge>
  );
}
