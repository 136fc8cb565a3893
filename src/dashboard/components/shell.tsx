/** What surrounds every page: navigation, whether the page is live, theme, sign-out. */
import {
  Activity,
  ClipboardCheck,
  HardDrive,
  LogOut,
  Monitor,
  Moon,
  ScrollText,
  Server,
  Sun,
  Waves,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';
import { useLive } from '../data/live.tsx';
import { useSession } from '../data/session.tsx';
import { type Theme, useTheme } from '../data/theme.ts';
import icon from '../icon.svg';
import { Badge } from './badge.tsx';
import { IconButton } from './button.tsx';
import styles from './shell.module.css';

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function Shell({ children }: { children: ReactNode }) {
  const { signOut } = useSession();
  const { state } = useLive();
  const [theme, setTheme] = useTheme();
  const ThemeIcon = THEME_ICONS[theme];
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
          <NavLink to="/" end>
            <Server size={17} aria-hidden />
            Fleet
          </NavLink>
          <NavLink to="/hosts">
            <HardDrive size={17} aria-hidden />
            Hosts
          </NavLink>
          <NavLink to="/policies">
            <ScrollText size={17} aria-hidden />
            Policies
          </NavLink>
          <NavLink to="/rollouts">
            <Waves size={17} aria-hidden />
            Rollouts
          </NavLink>
          <NavLink to="/preflights">
            <ClipboardCheck size={17} aria-hidden />
            Preflights
          </NavLink>
          <NavLink to="/events">
            <Activity size={17} aria-hidden />
            Events
          </NavLink>
        </nav>
        <div className={styles.foot}>
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
        <main id="main" className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
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
